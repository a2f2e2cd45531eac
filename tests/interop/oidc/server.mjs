// A certified OpenID provider over TLS on loopback, for the sign-in tests.
// Reads {"key", "cert", "accessSeconds"} as one JSON line from standard input, writes
// {"issuer"} as one JSON line to standard output, and ends when standard input ends.

import { createServer } from 'node:https';
import { createInterface } from 'node:readline';
import { Provider } from 'oidc-provider';

const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => start(JSON.parse(line)));
lines.once('close', () => process.exit(0));

function person(id) {
  return {
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@nordby.example`, email_verified: true, name: `Name of ${id}` }),
  };
}

function configuration({ accessSeconds }) {
  return {
    clients: [
      {
        client_id: 'enterprise-connect-setup',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: ['http://127.0.0.1/callback'],
      },
    ],
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
    findAccount: (_, id) => person(id),
    rotateRefreshToken: true,
    ttl: { AccessToken: accessSeconds, RefreshToken: 86400, Grant: 86400, Session: 3600, Interaction: 600, IdToken: 600, AuthorizationCode: 60 },
    cookies: { keys: ['only for tests'] },
  };
}

function start(options) {
  let answer = (_, response) => response.writeHead(503).end();
  const server = createServer({ key: options.key, cert: options.cert }, (request, response) => answer(request, response));
  server.listen(0, '127.0.0.1', () => {
    const issuer = `https://127.0.0.1:${server.address().port}`;
    answer = new Provider(issuer, configuration(options)).callback();
    process.stdout.write(`${JSON.stringify({ issuer })}\n`);
  });
}
