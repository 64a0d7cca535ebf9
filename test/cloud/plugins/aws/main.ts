import { serve } from "../frame/server";
import { AwsPlugin } from "./plugin";

// The SDK says on each start that Node 20 ends in 2027: not news to someone who watches an update.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

serve(new AwsPlugin());
