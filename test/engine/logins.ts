/** What the tests of the login share. */
import { openAccounts, whyOf, type Seen } from '../harness/accounts';
import { addServers, runningOf } from '../harness/world';

export type Accounts = Awaited<ReturnType<typeof openAccounts>>;
export type Cloud = Accounts['cloud'];
export type Fault = Parameters<Cloud['faults']['add']>[0]['then'];

/** Seconds that a run may last beyond Wait Timeout. */
export const SLACK = 1.5;

export const METHODS = ['password', 'applicationCredential'] as const;

export const byMethod = (accounts: Accounts, method: (typeof METHODS)[number]) =>
	method === 'password' ? accounts.byPassword() : accounts.byApplicationCredential();

export const count = (cloud: Cloud, what: string) => cloud.requests.outcomes[what] ?? 0;

/** All servers are asked for, and nothing is on its way: what the cloud refuses next is the next look. */
export const isWaitedFor = (cloud: Cloud, servers: number) =>
	count(cloud, 'start 202') === servers && cloud.requests.inFlight === 0;

/** Requests that the cloud refused for their token. */
export const refusals = (cloud: Cloud) =>
	Object.entries(cloud.requests.outcomes)
		.filter(([what]) => what.endsWith(' 401') && what !== 'login 401')
		.reduce((sum, [, times]) => sum + times, 0);

export function expectStarted({ items, failures }: Seen, cloud: Cloud, ids: string[]) {
	expect(failures).toEqual([]);
	expect(items.map(({ serverId, outcome }) => ({ serverId, outcome }))).toEqual(
		ids.map((serverId) => ({ serverId, outcome: 'started' })),
	);
	expect(runningOf(cloud, ids)).toEqual(ids);
}

/** With one attempt each: nobody noticed that there was trouble with the credential. */
export function expectAllStarted(run: Seen, cloud: Cloud, ids: string[]) {
	expectStarted(run, cloud, ids);
	expect(run.items.map(({ attempts }) => attempts)).toEqual(ids.map(() => 1));
}

/** Stops the servers, and begins the books anew: what a second run finds. */
export function nextMorning(cloud: Cloud) {
	for (const server of cloud.servers.values()) server.force(cloud.now, { status: 'SHUTOFF' });
	cloud.requests.clear();
}
export function expectAllRefused({ items, failures }: Seen, ids: string[], host: string) {
	expect(items).toEqual([]);
	expect(failures.map(({ serverId }) => serverId)).toEqual(ids);
	for (const failure of failures) {
		expect(failure).toMatchObject({ reason: 'unauthorized', operation: 'start', attempts: 0 });
		expect(failure.message).toContain(`the login at ${host} was refused`);
		expect(failure.hint).toBe(failures[0].hint);
	}
	expect(new Set(failures.map(whyOf)).size).toBe(1);
}

/** The short marks under which the cloud's books name the tokens that were sent. */
export const callers = (cloud: Cloud) =>
	new Set(
		cloud.requests
			.find({})
			.filter((one) => one.kind !== 'login')
			.map(({ caller }) => caller),
	);

export async function withSession() {
	const accounts = await openAccounts();
	const { cloud, byPassword, start } = accounts;
	const ids = addServers(cloud, 3);
	const store = byPassword();
	await start(store, ids);
	const [old] = callers(cloud);
	nextMorning(cloud);
	return { ...accounts, ids, store, old };
}
