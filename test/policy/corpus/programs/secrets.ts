/** Secrets in user data, and what only looks like one. */
import { type Case, type Cases, fine, wrong } from "../_case";
import { machine, network } from "../_network";

const clean = (userData: string): Case => fine(network, machine("app", { userData }));
const secret = (what: string, userData: string): Case =>
  wrong(
    [`no-secrets-in-user-data: Instance app has what looks like ${what}`],
    network,
    machine("app", { userData }),
  );

const sh = (line: string): string => `#!/bin/bash\nset -e\n${line}\n`;
const config = (text: string): string => `#cloud-config\n${text}\n`;
// Put together here, so that no scanner takes this file for a leak.
const random = ["Tr0ub4dor", "nd3", "x9Kq"].join("-");
const wireguardKey = `${"aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9".slice(0, 42)}8=`;

/** Lines of scripts with a secret, by what is said of them. */
const lines: readonly (readonly [string, string])[] = [
  ["a password for PostgreSQL", `echo "db.example.com:5432:app:app:${random}" > /root/.pgpass`],
  ["a password for a mail relay", `echo "[smtp.example.com]:587 relay:${random}" > /etc/postfix/sasl_passwd`],
  ["a PPP secret", `echo 'branch * ${random} *' > /etc/ppp/chap-secrets`],
  ["a password for OpenVPN", `printf 'branch\\n${random}\\n' > /etc/openvpn/auth.txt`],
  ["a WireGuard key", `echo ${wireguardKey} > /etc/wireguard/private.key`],
  ["a password on a command line", `sshpass -p '${random}' ssh admin@10.20.1.5 true`],
  ["a password on the command line of htpasswd", `htpasswd -bc /etc/nginx/htpasswd admin ${random}`],
  [
    "a password on the command line of an LDAP client",
    `ldapsearch -x -D cn=admin -w ${random} -b dc=example`,
  ],
  ["a password on the command line of openssl", `openssl enc -d -aes-256-cbc -k ${random} -in x -out y`],
  ["a password for chpasswd", `chpasswd <<< "root:${random}"`],
  ["a password for chpasswd", `chpasswd <<EOF\nroot:${random}\nEOF`],
  ["a password that is piped into a program", `echo '${random}' | realm join -U admin corp.example.com`],
  ["a value for K3S_TOKEN", `curl -sfL https://get.k3s.io | K3S_TOKEN=${random} sh -`],
  ["a value for POSTGRES_PASSWORD", `docker run -d -e POSTGRES_PASSWORD=${random} postgres:16`],
  ["a kubeadm token", "kubeadm join 10.20.1.5:6443 --token abcdef.0123456789abcdef"],
  ["a gossip key", `echo '{"encrypt": "${wireguardKey}"}' > /etc/consul.d/encrypt.json`],
  [
    "a VRRP password",
    `printf 'authentication {\\n  auth_type PASS\\n  auth_pass ${random}\\n}\\n' > /etc/keepalived/keepalived.conf`,
  ],
];

/** Lines that talk of secrets, fetch them, or only look like them. */
const harmless: readonly string[] = [
  'mysql -h db -P 3306 -u app -p"$DB_PASSWORD" < /tmp/init.sql',
  "mysql --defaults-extra-file=/root/.my.cnf -e 'SELECT * FROM users'",
  "docker run -d -p 5432:5432 --env-file /run/app.env postgres:16",
  "ssh-keygen -t ed25519 -N '' -f /root/.ssh/id",
  "openssl rand -hex 32 > /run/app.key",
  "helm upgrade --install app chart --set auth.existingSecret=db-secret-1",
  'kubectl create secret generic db --from-literal=password="$DB_PASSWORD"',
  'sed -i "s/__PASSWORD__/${DB_PASSWORD}/" /etc/app.conf',
  "git clone https://git@github.com/example/app.git",
  'export REDIS_URL="redis://:${REDIS_PASSWORD}@cache.example.com:6379"',
  "*/5 * * * * root /usr/local/bin/rotate --token-file /run/token",
  'curl -u "$USER_NAME:$USER_PASSWORD" https://repo.example.com/app.tgz -o app.tgz',
  'kubeadm join 10.20.1.5:6443 --token "$TOKEN" --discovery-token-ca-cert-hash sha256:1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdef',
  "echo 'ops ALL=(ALL) NOPASSWD: /usr/bin/systemctl' > /etc/sudoers.d/ops",
  "export SECRET_NAME=prod/db SECRET_ARN=arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbCdEf",
];

export const secrets: Cases = {
  ...Object.fromEntries(
    lines.map(([what, line], i) => [`line ${i + 1} with ${what}`, secret(what, sh(line))]),
  ),
  ...Object.fromEntries(harmless.map((line) => [`nothing secret: ${line}`, clean(sh(line))])),

  "a password from a parameter": clean(
    sh(
      "DB_PASSWORD=$(aws ssm get-parameter --name /prod/db --with-decryption --query Parameter.Value --output text)\nexport DB_PASSWORD",
    ),
  ),
  "a password from a secret, on a command line": clean(
    sh('mysql -u root -p"$MYSQL_PASSWORD" < init.sql\nmysql --password="${DB_PASSWORD}" -e "select 1"'),
  ),
  "an ARN of a secret": clean(
    sh(
      "export DB_SECRET=arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbCdEf\nexport DB_SECRET_ARN=arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbCdEf",
    ),
  ),
  "a dynamic reference": clean(
    config(
      "write_files:\n- path: /etc/app.yaml\n  content: |\n    password: '{{resolve:secretsmanager:prod/db:SecretString:password}}'",
    ),
  ),
  "names of secrets": clean(
    config(
      "write_files:\n- path: /etc/app.yaml\n  content: |\n    secretName: prod-db-credentials-2024\n    password_secret: prod/db/password\n    secretKeyRef:\n      name: db-password\n      key: password\n    secret: prod-db-password",
    ),
  ),
  "chpasswd without passwords": clean(
    config(
      "chpasswd:\n  expire: false\n  users:\n    - {name: ubuntu, type: RANDOM}\nssh_pwauth: false\npassword_authentication: false",
    ),
  ),
  "chpasswd in one line": clean(config("chpasswd: { expire: False }\nssh_pwauth: no")),
  "chpasswd with random passwords": clean(
    config("chpasswd:\n  expire: true\n  list: |\n    root:RANDOM\n    admin:R"),
  ),
  "settings that talk of passwords": clean(
    sh(
      "sed -i 's/^#*PasswordAuthentication.*/PasswordAuthentication no/' /etc/ssh/sshd_config\necho 'passwd: files systemd sss' >> /etc/nsswitch.conf\necho 'TOKEN_FILE=/run/token' > /etc/app.env",
    ),
  ),
  "a token of the metadata service": clean(
    sh(
      'TOKEN=$(curl -sX PUT "http://169.254.169.254/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 21600")\ncurl -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/instance-id',
    ),
  ),
  "public keys": clean(
    config(
      "ssh_authorized_keys:\n  - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE9wZW5TU0ggcHVibGljIGtleSBvZiBub2JvZHkgaGVy admin@example.com\nwrite_files:\n- path: /etc/wireguard/peer.conf\n  content: |\n    [Peer]\n    PublicKey = " +
        wireguardKey,
    ),
  ),
  "checksums and ids": clean(
    sh(
      "echo 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  app.tar.gz' | sha256sum -c\naws s3 cp s3://artifacts-123456789012/app.tar.gz . --sse aws:kms --sse-kms-key-id 1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
  ),
  "a WireGuard key from a parameter": clean(
    sh(
      "wg set wg0 private-key <(aws ssm get-parameter --name /vpn/key --with-decryption --query Parameter.Value --output text)",
    ),
  ),
  "a Tailscale key from a secret": clean(
    sh(
      'tailscale up --authkey="$(aws secretsmanager get-secret-value --secret-id tailscale --query SecretString --output text)"',
    ),
  ),
  "a jinja reference": clean(
    "## template: jinja\n#cloud-config\nwrite_files:\n- path: /etc/app.env\n  content: |\n    DB_PASSWORD={{ ds.meta_data.password }}\n",
  ),
  "a kubernetes manifest": clean(
    config(
      "write_files:\n- path: /opt/app.yaml\n  content: |\n    apiVersion: v1\n    kind: Pod\n    spec:\n      imagePullSecrets:\n      - name: registry-2\n      volumes:\n      - name: tls\n        secret:\n          secretName: tls-cert-2024-10",
    ),
  ),

  "a password in the environment": secret("a value for DB_PASSWORD", sh(`export DB_PASSWORD=${random}`)),
  "a password in a config file": secret(
    "a value for password",
    config(`write_files:\n- path: /etc/app.yaml\n  content: |\n    db:\n      password: "${random}"`),
  ),
  "a password for mysql": secret(
    "a password on the command line of mysql",
    sh(`mysql -uroot -p${random} -e 'select 1'`),
  ),
  "a password in an option": secret(
    "a password or key on a command line",
    sh(`mysqldump --user=backup --password=${random} app > /backup/app.sql`),
  ),
  "a password for curl": secret(
    "a password on the command line of curl",
    sh(`curl -fsS -u deploy:${random} https://repo.example.com/app.tgz -o app.tgz`),
  ),
  "a password in a URL": secret(
    "a URL with a password",
    sh(`psql postgres://app:${random}@db.example.com/app -c 'select 1'`),
  ),
  "a password for a registry": secret(
    "a password on a command line",
    sh(`docker login -u deploy -p ${random} registry.example.com`),
  ),
  "a password that is piped": secret("a password for chpasswd", sh(`echo 'hacluster:${random}' | chpasswd`)),
  "a password for passwd": secret(
    "a password that is piped into a program",
    sh(`echo "${random}" | passwd --stdin hacluster`),
  ),
  "passwords of a config": secret(
    "a password for chpasswd",
    config(`chpasswd:\n  expire: false\n  list: |\n    root:${random}\n    admin:RANDOM`),
  ),
  "passwords of a config as a list": secret(
    "a password for chpasswd",
    config(`chpasswd:\n  expire: false\n  list:\n    - root:${random}`),
  ),
  "a password of a config's user": secret(
    "a value for password",
    config(`chpasswd:\n  users:\n    - name: admin\n      password: ${random}\n      type: text`),
  ),
  "a plain password of a user": secret(
    "a value for plain_text_passwd",
    config(`users:\n  - name: admin\n    plain_text_passwd: ${random}`),
  ),
  "a WireGuard key": secret(
    "a WireGuard key",
    sh(
      `cat > /etc/wireguard/wg0.conf <<EOF\n[Interface]\nAddress = 10.9.0.1/24\nPrivateKey = ${wireguardKey}\nEOF`,
    ),
  ),
  "a Tailscale key": secret(
    "a Tailscale key",
    sh(`tailscale up --ssh --authkey=tskey-auth-${"kQ7wE9rT2yU4".repeat(2)}`),
  ),
  "a NetBird key": secret(
    "a password or key on a command line",
    sh("netbird up --setup-key A1B2C3D4-E5F6-7890-ABCD-EF1234567890"),
  ),
  "an IPsec secret": secret(
    "an IPsec secret",
    sh(`cat > /etc/ipsec.secrets <<'EOF'\n203.0.113.7 198.51.100.9 : PSK "${random}"\nEOF`),
  ),
  "an IPsec secret of swanctl": secret(
    "an IPsec secret",
    config(
      `write_files:\n- path: /etc/swanctl/conf.d/hq.conf\n  content: |\n    secrets {\n      ike-hq {\n        id = hq.example.com\n        secret = "${random}"\n      }\n    }`,
    ),
  ),
  "an OpenVPN key": secret(
    "an OpenVPN key",
    config(
      "write_files:\n- path: /etc/openvpn/ta.key\n  content: |\n    -----BEGIN OpenVPN Static key V1-----\n    0123\n    -----END OpenVPN Static key V1-----",
    ),
  ),
  "a private key": secret(
    "a private key",
    config(
      "write_files:\n- path: /root/.ssh/id\n  content: |\n    -----BEGIN OPENSSH PRIVATE KEY-----\n    b3Bl\n    -----END OPENSSH PRIVATE KEY-----",
    ),
  ),
  "a TSIG key": secret(
    "a TSIG key",
    sh(
      `cat > /etc/rndc.key <<'EOF'\nkey "rndc-key" {\n  algorithm hmac-sha256;\n  secret "${wireguardKey}";\n};\nEOF`,
    ),
  ),
  "a key that only the scanner knows": secret(
    "a secret (gitleaks: stripe-access-token)",
    sh(`echo sk_live_${"51HxYtT2eZvKYlo2C9aBcDeF"} > /etc/billing`),
  ),
  "a password of a database user": secret(
    "a password of a database user",
    sh(`psql -c "CREATE USER app WITH PASSWORD '${random}'"`),
  ),
};
