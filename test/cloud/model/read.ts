import type { CloudModel } from "./cloud-model";

/**
 * Reads what is in the fake AWS now.
 *
 * @param url of the cloud, such as `http://127.0.0.1:4577`
 * @throws if it does not answer, or has an error
 */
export async function readModel(url: string, region: string): Promise<CloudModel> {
  const answer = await fetch(`${url}/_cloud/model?region=${encodeURIComponent(region)}`);
  const value = (await answer.json()) as CloudModel | { error: string };
  if ("error" in value) throw new Error(`Reading what is in the offline cloud: ${value.error}`);
  return value;
}
