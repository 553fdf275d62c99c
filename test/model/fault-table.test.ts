/** docs/faults.md says what the node does, as of this commit, and what the cloud's books bear out. */
import { playAll, readPage, toMarkdown } from './fault-table';
import { DIST, loadNode } from './play';

jest.setTimeout(60_000);

const MAX_TRIES = 5;
/** What the operations are called in the cloud's books. */
const KINDS = { start: 'start', stop: 'stop', restart: 'reboot' };

let played: Awaited<ReturnType<typeof playAll>>;

beforeAll(async () => {
	played = await playAll(loadNode(DIST));
});

const rows = () => played.flatMap((section) => section.rows);

test('docs/faults.md is what these runs give; if this fails: npm run docs:faults', () => {
	expect(toMarkdown(played)).toBe(readPage());
});

test('a second time gives the same', async () => {
	expect(toMarkdown(await playAll(loadNode(DIST)))).toBe(toMarkdown(played));
});

test('a server that is said to run did run', () => {
	const untrue = rows().filter(({ told: { outcome, serverId }, played: { cloud, endedAt } }) => {
		if (!['started', 'alreadyRunning', 'restarted'].includes(outcome ?? '')) return false;
		return !cloud.wasRunning(serverId, endedAt);
	});

	expect(untrue.map(({ fault }) => fault.what)).toEqual([]);
});

test('a server that is said not to have started does not run when the item fails', () => {
	// These say that it is not known, and what the cloud accepted.
	const unknown = ['timedOut', 'forbidden', 'unauthorized', 'unreachable', 'unavailable'];
	const untrue = rows().filter(
		({ fault, told: { reason, serverId }, played: { cloud, endedAt } }) => {
			if (
				fault.operation ||
				!reason ||
				unknown.includes(reason) ||
				fault.options?.failIfAlreadyDone
			)
				return false;
			return cloud.server(serverId) !== undefined && cloud.wasRunning(serverId, endedAt);
		},
	);

	expect(untrue.map(({ fault }) => fault.what)).toEqual([]);
});

test('the tries are those in the books, and never too many', () => {
	const wrong = rows().filter(
		({ told: { serverId, attempts, reason }, fault, played: { cloud } }) => {
			const sent = cloud.requests.entries.filter(
				({ kind, batchAction, serverIds, status }) =>
					(batchAction ?? kind) === KINDS[fault.operation ?? 'start'] &&
					serverIds.includes(serverId) &&
					status !== 401 &&
					// A key or its token is refused with 400, too.
					!(reason === 'unauthorized' && status === 400),
			);
			// Where a gateway has no such call, it goes to the other API, as long as there is one.
			const asked = sent.filter((one) => !one.isUnpublished || one === sent.at(-1));
			// A cloud that says when to come back takes no try.
			const named = asked.filter(({ status, saysWhen }) => status === 429 && saysWhen).length;
			const { network } = fault;
			// What n8n itself fails at is no try of the cloud.
			const unsent = network && !network.inside && attempts > 0 ? (network.times ?? attempts) : 0;
			return attempts - named > MAX_TRIES || attempts !== asked.length + unsent;
		},
	);

	expect(wrong.map(({ fault }) => fault.what)).toEqual([]);
});

test('each failure says what to do', () => {
	const mute = rows().filter(({ told }) => told.reason && (!told.message || !told.hint));

	expect(mute.map(({ fault }) => fault.what)).toEqual([]);
});
