/** Parameters that moto's responses do not hand on to its models, and calls of which it answers the last part only. */
export const MOTO_REQUEST_PATCHES = `
import contextvars
from moto.core.responses import ActionResult
from moto.ec2.models.elastic_ip_addresses import ElasticAddress, ElasticAddressBackend
from moto.ec2.models.instances import InstanceBackend
from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses
from moto.ec2.responses.instances import InstanceResponse
from moto.ec2.responses.security_groups import SecurityGroups
from moto.ec2.utils import random_eip_association_id

answer_associate_address = ElasticIPAddresses.associate_address
run_instances = InstanceBackend.run_instances
run_instances_response = InstanceResponse.run_instances
current_private_ip = contextvars.ContextVar("private_ip", default=None)
current_mappings = contextvars.ContextVar("mappings", default=None)


# An elastic address is at one private address of one interface, and that has no other.
def associate(self, instance=None, eni=None, address=None, allocation_id=None, reassociate=False):
    elastic = (self.address_by_ip([address]) if address else self.address_by_allocation([allocation_id]))[0]
    target = eni or instance.nics[0]
    private = current_private_ip.get() or target.private_ip_address
    for other in self.addresses:
        if other is elastic or (other.eni is target and other.private_ip_address == private):
            if other.eni is not None:
                other.eni.public_ip = None
            other.eni = other.instance = other.association_id = None
    elastic.eni, elastic.instance, elastic.at = target, target.instance, private
    elastic.association_id = random_eip_association_id()
    if private == target.private_ip_address:
        target.public_ip = elastic.public_ip
    return elastic


def associate_response(self):
    current_private_ip.set(self._get_param("PrivateIpAddress"))
    try:
        return answer_associate_address(self)
    finally:
        current_private_ip.set(None)


def private_ip(self):
    return (getattr(self, "at", None) or self.eni.private_ip_address) if self.eni else None


# All permissions of a call are authorized or revoked, and those that were authorized are answered; or none.
def change_permissions(self, action):
    group = self.ec2_backend.get_security_group_by_name_or_id(self._get_param("GroupId"))
    before = (list(group.ingress_rules), list(group.egress_rules)) if group else None
    rules = []
    try:
        for given in self._process_rules_from_querystring():
            if action.startswith("revoke"):
                del given["sgrule_tags"]
            rules += (getattr(self.ec2_backend, action)(**given) or [[]])[0]
    except Exception:
        if before:
            group.ingress_rules[:], group.egress_rules[:] = before
        raise
    return ActionResult({"Return": True, **({} if action.startswith("revoke") else {"SecurityGroupRules": rules})})


# What a volume was bought with at a launch.
def run(self, image_id, count, user_data, security_group_names, **kwargs):
    reservation = run_instances(self, image_id, count, user_data, security_group_names, **kwargs)
    for mapping in current_mappings.get() or []:
        for instance in reservation.instances:
            volume = self.volumes[instance.block_device_mapping[mapping["DeviceName"]].volume_id]
            for name in ("Iops", "Throughput"):
                if mapping.get("Ebs", {}).get(name) is not None:
                    setattr(volume, name.lower(), mapping["Ebs"][name])
    return reservation


def run_response(self):
    current_mappings.set(self._get_param("BlockDeviceMappings", []))
    return run_instances_response(self)


ElasticAddressBackend.associate_address = associate
ElasticIPAddresses.associate_address = associate_response
ElasticAddress.private_ip_address = property(private_ip)
SecurityGroups.authorize_security_group_ingress = lambda self: change_permissions(self, "authorize_security_group_ingress")
SecurityGroups.authorize_security_group_egress = lambda self: change_permissions(self, "authorize_security_group_egress")
SecurityGroups.revoke_security_group_ingress = lambda self: change_permissions(self, "revoke_security_group_ingress")
SecurityGroups.revoke_security_group_egress = lambda self: change_permissions(self, "revoke_security_group_egress")
InstanceBackend.run_instances = run
InstanceResponse.run_instances = run_response
`;
