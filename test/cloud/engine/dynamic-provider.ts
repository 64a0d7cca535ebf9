/** The process that runs the programs' dynamic providers: Pulumi's own, as a bundle. */
import "@pulumi/pulumi/cmd/dynamic-provider";
