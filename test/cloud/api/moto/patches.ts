/**
 * What is put right inside moto, because only moto knows it: which private addresses of a subnet are taken, and what
 * becomes of an instance's interfaces. Everything that shows in requests and answers is put right in the gateway.
 */
export const MOTO_PATCHES = `
import ipaddress
from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend
from moto.ec2.models.instances import Instance, InstanceBackend
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces

create_network_interface = NetworkInterfaceBackend.create_network_interface
delete_network_interface = NetworkInterfaceBackend.delete_network_interface
modify_network_interface_attribute = ElasticNetworkInterfaces.modify_network_interface_attribute
assign_private_ip_addresses = NetworkInterfaceBackend.assign_private_ip_addresses
unassign_private_ip_addresses = NetworkInterfaceBackend.unassign_private_ip_addresses
create_nat_gateway = NatGatewayBackend.create_nat_gateway
delete_nat_gateway = NatGatewayBackend.delete_nat_gateway
create_vpc_endpoint = VPCBackend.create_vpc_endpoint
modify_vpc_endpoint = VPCBackend.modify_vpc_endpoint
attach_network_interface = NetworkInterfaceBackend.attach_network_interface
prep_nics = Instance.prep_nics
terminate = Instance.terminate


def reserve(subnet, address, owner):
    if address not in subnet._subnet_ips:
        subnet.request_ip(address, owner)
    return address


# Interfaces take their addresses from the subnet's own stock, so that none is given out twice. Those that moto makes
# itself (NAT gateways, endpoints) come with a random address outside of the subnet.
def create(self, subnet, private_ip_address, private_ip_addresses=None, *args, **kwargs):
    owner = self.get_subnet(subnet) if isinstance(subnet, str) else subnet
    if isinstance(private_ip_address, list):
        private_ip_address = private_ip_address[0] if private_ip_address else None
    listed = [one for one in private_ip_addresses or [] if isinstance(one, dict)]
    primary = private_ip_address or next((one["PrivateIpAddress"] for one in listed if one.get("Primary")), None)
    if primary is None or ipaddress.ip_address(primary) not in owner.cidr:
        primary = owner.get_available_subnet_ip(self)
        private_ip_address = primary
    for address in [primary] + [one["PrivateIpAddress"] for one in listed]:
        reserve(owner, address, self)
    return create_network_interface(self, subnet, private_ip_address, private_ip_addresses, *args, **kwargs)


def release(eni):
    for one in eni.private_ip_addresses:
        eni.subnet.del_subnet_ip(one.get("PrivateIpAddress"))


def delete(self, eni_id):
    eni = self.enis.get(eni_id)
    delete_network_interface(self, eni_id)
    release(eni)


def assign(self, eni_id, private_ip_addresses=None, secondary_ips_count=None):
    eni = self.get_network_interface(eni_id)
    count = 0 if private_ip_addresses else secondary_ips_count or 0
    wanted = list(private_ip_addresses or []) + [eni.subnet.get_available_subnet_ip(eni) for _ in range(count)]
    for address in wanted:
        take_over(eni, address)
        reserve(eni.subnet, address, eni)
    return assign_private_ip_addresses(self, eni_id, wanted)


# A secondary address that another interface has moves, and its elastic address with it.
def take_over(eni, address):
    for other in eni.ec2_backend.enis.values():
        if other is eni or other.subnet is not eni.subnet:
            continue
        other.private_ip_addresses = [one for one in other.private_ip_addresses if one["PrivateIpAddress"] != address]
    for elastic in eni.ec2_backend.addresses:
        if elastic.eni is not None and elastic.eni.subnet is eni.subnet and elastic.private_ip_address == address:
            elastic.eni = eni


def unassign(self, eni_id, private_ip_address=None):
    eni = unassign_private_ip_addresses(self, eni_id, private_ip_address)
    for address in private_ip_address or []:
        eni.subnet.del_subnet_ip(address)
        for elastic in self.addresses:
            if elastic.eni is eni and elastic.private_ip_address == address:
                elastic.eni = elastic.instance = elastic.association_id = None
    return eni


# An interface made at launch is deleted with the instance unless it was said otherwise.
def prepare(self, nic_spec, *args, **kwargs):
    for nic in nic_spec:
        if "NetworkInterfaceId" not in nic:
            nic.setdefault("DeleteOnTermination", True)
    given = {int(nic["DeviceIndex"]): dict(nic) for nic in nic_spec}
    prep_nics(self, nic_spec, *args, **kwargs)
    for index, nic in given.items():
        self.nics[index].delete_on_termination = nic.get("DeleteOnTermination") is True
        if "NetworkInterfaceId" not in nic:
            self.nics[index].description = nic.get("Description") or ""
    if not given:
        self.nics[0].delete_on_termination = True
        self.nics[0].description = ""


# The root volume is at the image's root device.
def set_up(self):
    volume = self.ec2_backend.create_volume(size=8, zone_name=self._placement.zone)
    self.ec2_backend.attach_volume(volume.id, self.id, self.root_device_name or "/dev/sda1", True)


# Terminating deletes or detaches the interfaces. The instance goes on showing them; the gateway leaves them out.
def end(self):
    previous = terminate(self)
    for nic in self.nics.values():
        if nic.delete_on_termination:
            release(nic)
            self.ec2_backend.enis.pop(nic.id, None)
            for elastic in self.ec2_backend.addresses:
                if elastic.eni is nic:
                    elastic.eni = elastic.instance = elastic.association_id = None
        nic.instance = nic.attachment_id = nic.attach_time = nic.device_index = None
        nic.status = "available"
    return previous


def modify(self):
    result = modify_network_interface_attribute(self)
    wanted = self._get_param("Attachment.DeleteOnTermination")
    if wanted is not None:
        eni = self.ec2_backend.get_network_interface(self._get_param("NetworkInterfaceId"))
        eni.delete_on_termination = wanted is True or str(wanted).lower() == "true"
    return result


# Each attachment begins with "not deleted on termination".
def attach(self, eni_id, instance_id, device_index):
    self.get_network_interface(eni_id).delete_on_termination = False
    return attach_network_interface(self, eni_id, instance_id, device_index)


# The groups of an interface are its own; the groups of an instance are those of its primary interface.
def modify_groups(self, instance_id, groups):
    self.get_instance(instance_id).nics[0]._group_set = [self.get_security_group_from_id(one) for one in groups]


# The interfaces of AWS's own services are in use, and go with what they were made for.
def managed(eni, kind, description):
    eni.status, eni.interface_type, eni.description, eni.requester_managed = "in-use", kind, description, True
    eni.source_dest_check = kind != "nat_gateway"


def create_nat(self, *args, **kwargs):
    nat = create_nat_gateway(self, *args, **kwargs)
    managed(nat._eni, "nat_gateway", "Interface for NAT Gateway " + nat.id)
    return nat


def delete_nat(self, nat_gateway_id):
    nat = delete_nat_gateway(self, nat_gateway_id)
    for address in nat.address_set:
        if address.get("associationId"):
            self.disassociate_address(association_id=address["associationId"])
    self.delete_network_interface(nat._eni.id)
    return nat


def create_endpoint(self, *args, **kwargs):
    endpoint = create_vpc_endpoint(self, *args, **kwargs)
    for eni in endpoint.network_interface_ids or []:
        managed(self.enis[eni], "vpc_endpoint", "VPC Endpoint Interface " + endpoint.id)
    return endpoint


# A gateway endpoint's routes are in the tables that it names.
def modify_endpoint(self, vpc_id, *args, **kwargs):
    modify_vpc_endpoint(self, vpc_id, *args, **kwargs)
    endpoint = self.vpc_end_points[vpc_id]
    prefixes = endpoint.destination_prefix_list_id
    for table in list(self.route_tables.values()) if prefixes else []:
        has = any(route.gateway_id == vpc_id for route in table.routes)
        wanted = table.id in endpoint.route_table_ids
        if wanted and not has:
            self.create_route(table.id, None, gateway_id=vpc_id, destination_prefix_list_id=prefixes)
        elif has and not wanted:
            self.delete_route(table.id, prefixes)


NatGatewayBackend.create_nat_gateway = create_nat
NatGatewayBackend.delete_nat_gateway = delete_nat
VPCBackend.create_vpc_endpoint = create_endpoint
VPCBackend.modify_vpc_endpoint = modify_endpoint
NetworkInterfaceBackend.create_network_interface = create
NetworkInterfaceBackend.delete_network_interface = delete
NetworkInterfaceBackend.assign_private_ip_addresses = assign
NetworkInterfaceBackend.unassign_private_ip_addresses = unassign
NetworkInterfaceBackend.attach_network_interface = attach
NetworkInterface.group_set = property(lambda self: self._group_set)
Instance.prep_nics = prepare
Instance.setup_defaults = set_up
Instance.terminate = end
InstanceBackend.modify_instance_security_groups = modify_groups
ElasticNetworkInterfaces.modify_network_interface_attribute = modify
`;
