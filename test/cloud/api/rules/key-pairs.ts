import type { Handlers } from "../gateway/handler";

/** Key pairs that people bring along. moto keeps them; their public keys, which hosts are to accept, it forgets. */
export const keyPairHandlers: Handlers = {
  "ec2:ImportKeyPair": {
    run: async ({ call, ec2, forward }) => {
      const reply = await forward();
      const { KeyName = "", PublicKeyMaterial = "" } = call.params;
      if (reply.status < 400)
        ec2.publicKeys.set(KeyName, Buffer.from(PublicKeyMaterial, "base64").toString("utf8").trim());
      return reply;
    },
  },
};
