import { serve } from "../frame/server";
import { CommandPlugin } from "./plugin";

serve(new CommandPlugin());
