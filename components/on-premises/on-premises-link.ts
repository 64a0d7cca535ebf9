import * as ec2 from "@pulumi/aws/ec2";
import * as ec2transitgateway from "@pulumi/aws/ec2transitgateway";
import * as pulumi from "@pulumi/pulumi";
import { accepted, refuse } from "../dns/accepted";
import { type Problem } from "../network/problem.plan";
import { type GatewayDuties, ownerOrders } from "./gateway.plan";
import { type LinkRoutes, planLinkRoutes } from "./routes.plan";

export interface OnPremisesLinkArgs {
  /** AWS region, e.g. us-east-1. */
  region: string;
  vpcId: pulumi.Input<string>;
  vpcCidr: string;
  /** The transit subnets, one per availability zone that clients reach: the gateway has an interface in each. */
  subnetIds: pulumi.Input<string>[];
  /** Every route table of the VPC by a stable name, the main one included; each gets the routes to the intranet. */
  routeTables: Readonly<Record<string, pulumi.Input<string>>>;
  /** The overlay address as a host route, e.g. 192.168.10.1/32. */
  overlayAddress: string;
  /** Blocks of the corporate network. */
  intranetCidrs: readonly string[];
  /**
   * A transit gateway that exists already, e.g. the company's; shared from another account, it has to accept
   * attachments by itself. @default a new one, which costs nothing by itself
   */
  transitGatewayId?: pulumi.Input<string>;
  /**
   * The existing gateway's route table that the corporate attachment (VPN, Direct Connect) is associated with. Needed
   * with a gateway of this account, useful for the orders to the owner of another one, not used without.
   */
  transitGatewayRouteTableId?: pulumi.Input<string>;
  /** What the existing gateway needs. @default nothing but the static route */
  duties?: GatewayDuties;
  tags: Record<string, string>;
}

/**
 * The AWS side of the link to the corporate network: a transit gateway, the VPC's attachment, and the routes. A transit
 * gateway, because a VPN gateway does not route to an address outside the VPC, such as the overlay IP; here a static
 * route leads it to the attachment, and the VPC's route tables lead it on to the active node.
 *
 * The corporate side is not built: attach a VPN or a Direct Connect gateway to the same transit gateway. With Direct
 * Connect, the overlay address has to be among the allowed prefixes. A gateway that is shared from another account shows
 * nobody but its owner the route tables: what is to be made in them is an order, in `ownerOrders`.
 *
 * Cost: $0.05 an hour for each attachment, so about $36 a month for the VPC's, and $0.02 per GB (us-east-1).
 */
export class OnPremisesLink extends pulumi.ComponentResource {
  readonly transitGatewayId: pulumi.Output<string>;
  readonly attachmentId: pulumi.Output<string>;
  /** Commands for the owner of a shared gateway; undefined where nothing is left to do for another account. */
  readonly ownerOrders?: pulumi.Output<string>;

  private readonly name: string;
  private readonly args: OnPremisesLinkArgs;

  constructor(name: string, args: OnPremisesLinkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("failover-lab:on-premises:OnPremisesLink", name, {}, opts);
    this.name = name;
    this.args = args;

    const routes = this.plan();
    const gateway = this.transitGateway();
    const attachment = this.attach(gateway.id);
    if (this.duties.byOwner) this.ownerOrders = this.orders(routes, attachment);
    else this.joinRouteTable(routes, gateway.routeTableId, attachment);
    this.routeToIntranet(routes, gateway.id, attachment);

    this.transitGatewayId = pulumi.output(gateway.id);
    this.attachmentId = attachment.id;
    this.registerOutputs({
      transitGatewayId: this.transitGatewayId,
      attachmentId: this.attachmentId,
      ownerOrders: this.ownerOrders,
    });
  }

  private get duties(): GatewayDuties {
    return this.args.duties ?? { associate: false, propagate: false, byOwner: false };
  }

  private plan(): LinkRoutes {
    const { transitGatewayId, transitGatewayRouteTableId, subnetIds, routeTables } = this.args;
    const problems: Problem[] = [];
    const tableIsNeeded = transitGatewayId !== undefined && !this.duties.byOwner;
    if (transitGatewayRouteTableId === undefined ? tableIsNeeded : transitGatewayId === undefined) {
      problems.push({
        key: transitGatewayId === undefined ? "transitGatewayId" : "transitGatewayRouteTableId",
        reason: "an existing transit gateway and its route table are given together, and one is missing",
        remedy: "give both, or neither for a new gateway",
      });
    }
    if (subnetIds.length === 0) {
      problems.push({
        key: "subnetIds",
        reason: "no transit subnet is given",
        remedy: "give one per availability zone",
      });
    }
    if (Object.keys(routeTables).length === 0) {
      problems.push({
        key: "routeTables",
        reason: "no route table is given",
        remedy: "give every one of the VPC",
      });
    }
    const routes = planLinkRoutes(this.args);
    refuse(`the on-premises link ${this.name}`, [...problems, ...(routes.ok ? [] : routes.problems)]);
    return accepted(`the on-premises link ${this.name}`, routes);
  }

  private tagged(): Record<string, string> {
    return { ...this.args.tags, Name: this.name };
  }

  private transitGateway(): { id: pulumi.Input<string>; routeTableId: pulumi.Input<string> } {
    const { transitGatewayId, transitGatewayRouteTableId = "" } = this.args;
    if (transitGatewayId !== undefined)
      return { id: transitGatewayId, routeTableId: transitGatewayRouteTableId };
    const gateway = new ec2transitgateway.TransitGateway(
      this.name,
      { description: `Corporate network to ${this.name}`, tags: this.tagged() },
      { parent: this },
    );
    return { id: gateway.id, routeTableId: gateway.associationDefaultRouteTableId };
  }

  private attach(transitGatewayId: pulumi.Input<string>): ec2transitgateway.VpcAttachment {
    return new ec2transitgateway.VpcAttachment(
      this.name,
      { transitGatewayId, vpcId: this.args.vpcId, subnetIds: this.args.subnetIds, tags: this.tagged() },
      { parent: this },
    );
  }

  private orders(routes: LinkRoutes, attachment: ec2transitgateway.VpcAttachment): pulumi.Output<string> {
    const { region, transitGatewayRouteTableId } = this.args;
    return pulumi.all([attachment.id, transitGatewayRouteTableId]).apply(([attachmentId, routeTableId]) =>
      ownerOrders({
        region,
        attachmentId,
        routeTableId,
        destinations: routes.transitGateway,
        duties: this.duties,
      }),
    );
  }

  /** The overlay address is in no VPC, so nothing propagates it. */
  private joinRouteTable(
    routes: LinkRoutes,
    transitGatewayRouteTableId: pulumi.Input<string>,
    attachment: ec2transitgateway.VpcAttachment,
  ): void {
    const membership = { transitGatewayRouteTableId, transitGatewayAttachmentId: attachment.id };
    if (this.duties.associate)
      new ec2transitgateway.RouteTableAssociation(this.name, membership, { parent: this });
    if (this.duties.propagate)
      new ec2transitgateway.RouteTablePropagation(this.name, membership, { parent: this });
    for (const destinationCidrBlock of routes.transitGateway) {
      new ec2transitgateway.Route(
        `${this.name}-${destinationCidrBlock}`,
        { transitGatewayRouteTableId, destinationCidrBlock, transitGatewayAttachmentId: attachment.id },
        { parent: this },
      );
    }
  }

  private routeToIntranet(
    routes: LinkRoutes,
    transitGatewayId: pulumi.Input<string>,
    attachment: ec2transitgateway.VpcAttachment,
  ): void {
    for (const [table, routeTableId] of Object.entries(this.args.routeTables)) {
      for (const destinationCidrBlock of routes.vpc) {
        new ec2.Route(
          `${this.name}-${table}-${destinationCidrBlock}`,
          { routeTableId, destinationCidrBlock, transitGatewayId },
          // EC2 refuses a route to a gateway that the VPC is not attached to.
          { parent: this, dependsOn: [attachment] },
        );
      }
    }
  }
}
