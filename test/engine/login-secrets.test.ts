/**
 * Nobody tells the secrets, whatever IAM and the cloud repeat.
 */
import { expectCleanLog, openAccounts, openEcho, type Heard } from '../harness/accounts';
import { addServers, postsTo } from '../harness/world';

jest.setTimeout(60_000);

/** The password or the secret in the body of a login. */
function secretIn({ body }: Heard): string {
	const { password, application_credential: credential } = JSON.parse(body).auth.identity;
	return password?.user.password ?? credential.secret;
}

describe.each<[string, (heard: Heard) => string]>([
	['what it was told', (heard) => `${secretIn(heard)} is wrong`],
	['the body as it came', ({ body }) => body],
])('IAM repeats %s', (_, repeat) => {
	test.concurrent.each([400, 401, 403, 404, 429, 500, 503])(
		'in a %i: no password and no secret is shown',
		async (status) => {
			const { cloud, byPassword, byApplicationCredential, start } = await openAccounts();
			const [id] = addServers(cloud, 1);
			const options = { maxTries: 1, waitTimeout: 3 };
			const { url: iamEndpoint } = await openEcho(status, repeat);
			for (const onError of ['continueErrorOutput', 'stopWorkflow'] as const) {
				await start(byPassword({ iamEndpoint }), [id], { options, onError });
				await start(byApplicationCredential({ iamEndpoint }), [id], { options, onError });
			}
			expect(postsTo(cloud)).toEqual([]);
		},
	);
});

test.concurrent.each([400, 401, 403, 500])(
	'a %i of the cloud that repeats the request: no token is shown',
	async (status) => {
		const { cloud, byPassword, start } = await openAccounts();
		const [id] = addServers(cloud, 1);
		const { url: ecsEndpoint } = await openEcho(status, ({ headers }) => JSON.stringify(headers));

		const run = await start(byPassword({ ecsEndpoint }), [id], {
			options: { maxTries: 1, waitTimeout: 3 },
		});

		expect(run.failures).toHaveLength(1);
		expect(run.failures[0].message).toContain('***');
	},
);

// The log

test('none of it has been logged, though much else was', () => expectCleanLog());
