/**
 * Images and their public parameters that moto lacks: Amazon Linux 2023 outside of the `aws` partition, and SLES 15
 * everywhere. Owners are those of Amazon Linux in each partition (137112412989, 141808717104, 045324592363) and of SUSE
 * (013907871322 in `aws`; its other accounts are not confirmed, so look images up by the alias `amazon`). Ids are made
 * up, a fixed one for each region and image.
 */
export const MOTO_IMAGES = `
import hashlib
from moto.ec2.models.amis import Ami, AmiBackend
from moto.ssm.models import Parameter, ParameterDict

load_amis = AmiBackend._load_amis
check_loading_status = ParameterDict._check_loading_status
AMAZON_LINUX = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"
SUSE = "/aws/service/suse/sles/"


def own_images(region):
    owner = "141808717104" if region.startswith("cn-") else "045324592363"
    for architecture in ("x86_64", "arm64"):
        if region.startswith(("cn-", "us-gov-")):
            name = "al2023-ami-2023.12.20260930.0-kernel-6.1-" + architecture
            yield AMAZON_LINUX + architecture, owner, name, "/dev/xvda", architecture
        for version in ("15-sp5", "15-sp6", "15-sp7"):
            name = "suse-sles-" + version + "-v20260901-hvm-ssd-" + architecture
            yield SUSE + version + "/" + architecture + "/latest", "013907871322", name, "/dev/sda1", architecture


def id_of(region, parameter):
    return "ami-0" + hashlib.sha256((region + parameter).encode()).hexdigest()[:16]


def load(self):
    load_amis(self)
    for parameter, owner, name, device, architecture in own_images(self.region_name):
        ami = id_of(self.region_name, parameter)
        self.amis[ami] = Ami(
            self, ami, name=name, description=name, owner_id=owner, owner_alias="amazon", public=True,
            virtualization_type="hvm", architecture=architecture, hypervisor="xen",
            root_device_name=device, root_device_type="ebs", region_name=self.region_name,
        )


def check(self, key):
    check_loading_status(self, key)
    if not str(key or "").startswith((AMAZON_LINUX, SUSE)) or getattr(self, "own_images_loaded", False):
        return
    self.own_images_loaded = True
    for parameter, *_ in own_images(self.region_name):
        versions = dict.setdefault(self, parameter, [])
        versions.append(Parameter(
            account_id=self.account_id, name=parameter, value=id_of(self.region_name, parameter),
            parameter_type="String", description=None, allowed_pattern=None, keyid=None,
            last_modified_date=1790000000.0, version=1, data_type="text",
        ))


AmiBackend._load_amis = load
ParameterDict._check_loading_status = check
`;
