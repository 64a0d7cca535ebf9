/** AWS CLI commands, for people, that put right what a move could not. */

export interface CliSettings {
  region: string;
  profile?: string;
}

/** One command line, e.g. `aws ec2 replace-route --region us-east-1 …`. Values are ids and addresses: no quoting. */
export function awsCommand(
  settings: CliSettings,
  service: string,
  action: string,
  options: string[],
): string {
  const profile = settings.profile === undefined ? [] : ["--profile", settings.profile];
  return ["aws", service, action, "--region", settings.region, ...profile, ...options].join(" ");
}
