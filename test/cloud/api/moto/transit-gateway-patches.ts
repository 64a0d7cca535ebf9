/**
 * In which route tables of transit gateways an attachment is: moto puts each into the default one, whatever the gateway's
 * options say, shows no default propagation, and keeps the entries of attachments that are gone.
 */
export const MOTO_TRANSIT_GATEWAY_PATCHES = `
from moto.ec2.models.transit_gateway import TransitGateway
from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachment, TransitGatewayAttachmentBackend
from moto.ec2.models.transit_gateway_route_tables import TransitGatewayRouteTableBackend

init_transit_gateway = TransitGateway.__init__
set_table_association = TransitGatewayRouteTableBackend.set_route_table_association
delete_vpc_attachment = TransitGatewayAttachmentBackend.delete_transit_gateway_vpc_attachment
disassociate_table = TransitGatewayRouteTableBackend.disassociate_transit_gateway_route_table
disable_propagation = TransitGatewayRouteTableBackend.disable_transit_gateway_route_table_propagation


# Without default association and propagation there is no default route table, and its id is not in the options.
def init_gateway(self, backend, description, options=None):
    init_transit_gateway(self, backend, description, options)
    associates = self.options["DefaultRouteTableAssociation"] == "enable"
    propagates = self.options["DefaultRouteTablePropagation"] == "enable"
    self.default_route_table.default_association_route_table = associates
    self.default_route_table.default_propagation_route_table = propagates
    if not associates:
        del self.options["AssociationDefaultRouteTableId"]
    if not propagates:
        del self.options["PropagationDefaultRouteTableId"]
    if not associates and not propagates:
        del backend.transit_gateways_route_tables[self.default_route_table.id]


def tables_of(backend, attachment_id):
    return [t for t in backend.transit_gateways_route_tables.values() if attachment_id in t.route_table_associations]


def association(self):
    table = next(iter(tables_of(self.ec2_backend, self.id)), None)
    if self.state != "available" or table is None:
        return None
    return {"State": "associated", "TransitGatewayRouteTableId": table.id}


# moto calls this for each new attachment, with the default route table; and when somebody associates it.
def set_association(self, transit_gateway_attachment_id, transit_gateway_route_table_id):
    attachment = self.transit_gateway_attachments[transit_gateway_attachment_id]
    if getattr(attachment, "entered", False):
        return set_table_association(self, transit_gateway_attachment_id, transit_gateway_route_table_id)
    attachment.entered = True
    options = self.transit_gateways[attachment.transit_gateway_id].options
    if "AssociationDefaultRouteTableId" in options:
        set_table_association(self, attachment.id, options["AssociationDefaultRouteTableId"])
    if "PropagationDefaultRouteTableId" in options:
        self.enable_transit_gateway_route_table_propagation(attachment.id, options["PropagationDefaultRouteTableId"])


def delete_attachment(self, transit_gateway_attachment_id):
    for table in self.transit_gateways_route_tables.values():
        table.route_table_associations.pop(transit_gateway_attachment_id, None)
        self.disable_route_table_propagation(transit_gateway_attachment_id, table.id)
    return delete_vpc_attachment(self, transit_gateway_attachment_id)


# moto knows of what was associated and enabled by a call, and not of what was so by default.
def disassociate(self, tgw_attach_id, tgw_rt_id):
    if tgw_attach_id not in self.transit_gateway_associations:
        self.associate_transit_gateway_route_table(tgw_attach_id, tgw_rt_id)
    return disassociate_table(self, tgw_attach_id, tgw_rt_id)


def disable(self, transit_gateway_attachment_id, transit_gateway_route_table_id):
    entries = self.transit_gateway_propagations
    relation = entries.get(transit_gateway_attachment_id)
    if relation is None or relation.transit_gateway_route_table_id != transit_gateway_route_table_id:
        self.enable_transit_gateway_route_table_propagation(transit_gateway_attachment_id, transit_gateway_route_table_id)
    return disable_propagation(self, transit_gateway_attachment_id, transit_gateway_route_table_id)


TransitGateway.__init__ = init_gateway
TransitGatewayAttachment.association = property(association)
TransitGatewayRouteTableBackend.set_route_table_association = set_association
TransitGatewayRouteTableBackend.disassociate_transit_gateway_route_table = disassociate
TransitGatewayRouteTableBackend.disable_transit_gateway_route_table_propagation = disable
TransitGatewayAttachmentBackend.delete_transit_gateway_vpc_attachment = delete_attachment
`;
