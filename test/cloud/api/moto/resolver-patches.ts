/** What moto's Resolver endpoints do not look at when an address is added or taken away. */
export const MOTO_RESOLVER_PATCHES = `
from moto.route53resolver.exceptions import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceExistsException,
    ResourceNotFoundException,
)
from moto.route53resolver.models import Route53ResolverBackend

associate_resolver_address = Route53ResolverBackend.associate_resolver_endpoint_ip_address
disassociate_resolver_address = Route53ResolverBackend.disassociate_resolver_endpoint_ip_address


# A Resolver endpoint has two addresses at any time, all of one VPC, and none that somebody else has.
def associate_address(self, resolver_endpoint_id, value):
    self._validate_resolver_endpoint_id(resolver_endpoint_id)
    endpoint = self.resolver_endpoints[resolver_endpoint_id]
    subnets = [one for zone in self.ec2_backend.subnets.values() for one in zone.values()]
    subnet = next((one for one in subnets if one.id == value["SubnetId"]), None)
    if subnet is None or subnet.vpc_id != endpoint.host_vpc_id:
        raise InvalidParameterException("The subnet ID '%s' does not exist in the endpoint's VPC" % value["SubnetId"])
    if value.get("Ip") in subnet._subnet_ips:
        raise ResourceExistsException("The IP address '%s' in subnet '%s' is already in use" % (value["Ip"], subnet.id))
    return associate_resolver_address(self, resolver_endpoint_id, value)


def disassociate_address(self, resolver_endpoint_id, value):
    self._validate_resolver_endpoint_id(resolver_endpoint_id)
    endpoint = self.resolver_endpoints[resolver_endpoint_id]
    if value.get("IpId") or value.get("Ip"):
        names = [name for name in ("IpId", "Ip", "SubnetId") if value.get(name)]
        found = [one for one in endpoint.ip_descriptions() if all(one[name] == value[name] for name in names)]
        if not found:
            raise ResourceNotFoundException("The IP address %s is not one of the endpoint's" % (value.get("IpId") or value.get("Ip")))
        if endpoint.ip_address_count <= 2:
            raise InvalidRequestException("Resolver endpoint needs to have at least 2 IP addresses")
        value = {"SubnetId": found[0]["SubnetId"], "Ip": found[0]["Ip"]}
    return disassociate_resolver_address(self, resolver_endpoint_id, value)


Route53ResolverBackend.associate_resolver_endpoint_ip_address = associate_address
Route53ResolverBackend.disassociate_resolver_endpoint_ip_address = disassociate_address
`;
