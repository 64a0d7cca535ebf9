/** Preloaded (`node -r`) into the dynamic provider's process, which is not ours to change. */
import { exitWhenOrphaned } from "./children";

exitWhenOrphaned();
