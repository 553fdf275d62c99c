/** What the random storms have found, each as a storm of its own. */
import { STOPPED_SERVER } from '../scenario';
import { DIST, loadNode } from '../world';
import { stormViolations } from './invariants';
import { playStorm } from './play';
import type { AccountPlan, ExecutionPlan, Storm } from './scenario';

const node = loadNode(DIST);

const START: ExecutionPlan = {
	at: 0,
	account: 0,
	operation: 'start',
	forceful: false,
	items: [{ server: 0, wait: true, upperCase: false }],
	options: {},
	onError: 'continueRegularOutput',
};

function storm(way: AccountPlan['way'], ...executions: Array<Partial<ExecutionPlan>>): Storm {
	return {
		servers: [STOPPED_SERVER],
		bystanders: 0,
		interferences: [],
		faults: [],
		rateLimit: null,
		cloud: {
			latencyMs: 400,
			maxLimit: 1000,
			requestIds: true,
			v1: true,
			actionLog: true,
			subJobMissing: false,
		},
		projects: 1,
		accounts: [{ way, project: 0, user: 0, wrong: false }],
		executions: executions.map((one) => ({ ...START, ...one })),
		revocations: [],
		databaseMs: 3,
	};
}

test('an execution that is cancelled while n8n logs in sends nothing afterwards', async () => {
	const one = storm('login', { cancelAfter: 114 });
	const played = await playStorm(node, one);

	expect(stormViolations(one, played)).toEqual([]);
	expect(played.sent.map(({ request }) => request.kind)).toEqual(['login']);
});

test('one that is cancelled while its credential is read leaves nothing, and the next one starts', async () => {
	// What it had begun to ask was never freed: whoever asked for the same server hung n8n.
	const one = storm('token', { cancelAfter: 0 }, { at: 1_000 });
	const played = await playStorm(node, one);

	expect(stormViolations(one, played)).toEqual([]);
	expect(played.executions[1].output[0].json).toMatchObject({ outcome: 'started' });
});

test('one that asks server by server does not fail as another one may send no batch', async () => {
	const batch = { options: { sendAs: 'oneBatchRequest' } };
	const one = storm('token', batch, { at: 600 });
	one.cloud.v1 = false;
	const played = await playStorm(node, one);

	expect(stormViolations(one, played)).toEqual([]);
	expect(played.executions[1].output[0].json).toMatchObject({ outcome: 'started' });
});

test('a token that is revoked while the jobs of batches are followed does not hold up anybody', async () => {
	// Those who did not find out themselves followed their jobs for all of Wait Timeout, and sent nothing.
	const batchOf = (at: number, ...servers: number[]) => ({
		at,
		items: servers.map((server) => ({ server, wait: true, upperCase: false })),
		options: { sendAs: 'oneBatchRequest', waitTimeout: 60 },
	});
	const one = storm('token', batchOf(0, 0, 1), batchOf(1_000, 2, 3), batchOf(2_000, 4, 5));
	one.servers = Array.from({ length: 6 }, () => ({ ...STOPPED_SERVER, startSeconds: 20 }));
	one.revocations = [4];
	const played = await playStorm(node, one);

	expect(stormViolations(one, played)).toEqual([]);
	for (const { output, beganAt, endedAt } of played.executions) {
		expect(output.map(({ json }) => (json.error as { reason: string }).reason)).toEqual([
			'unauthorized',
			'unauthorized',
		]);
		expect(endedAt - beganAt).toBeLessThan(12_000);
	}
	expect(played.sent.filter(({ request }) => request.kind === 'batch')).toHaveLength(3);
});
