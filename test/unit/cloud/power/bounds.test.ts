/** How often a server is asked, and until when. */
import { perform } from '../../../../nodes/cloud/power/perform';
import { START } from '../../../../nodes/cloud/power/actions/start';
import { toolsFor } from '../../../../nodes/cloud/power/tools';
import { answered, lost, nova } from '../../answers';
import { idOf, server } from '../../servers';
import { FakeCloud } from '../../session';
import { Story } from './story';

const CONFLICT = answered(409, nova(409, 'conflictingRequest'));
const LOST = lost('ECONNRESET');

describe('after a lost answer', () => {
	test('a conflict is the first one: the server was busy when it was asked', () => {
		const { failure } = new Story({ maxTries: 2 })
			.asked(LOST)
			.seen('SHUTOFF')
			.asked(CONFLICT)
			.seen('SHUTOFF');
		expect(failure.reason).toBe('busy');
		expect(failure.message).toContain('something else was under way when it was asked');
		expect(failure.message).toContain('may have been taken all the same');
	});

	test('the server is asked once more, although it was asked again after a conflict', () => {
		const story = new Story().asked(CONFLICT).seen('SHUTOFF').asked(LOST).seen('SHUTOFF');
		expect(story.next).toBe('ask');
	});

	test('and another, Max Tries is the end', () => {
		const story = new Story({ maxTries: 2 }).asked(LOST).seen('SHUTOFF').asked(LOST);
		expect(story.seen('SHUTOFF').failure).toMatchObject({ reason: 'unreachable' });
		expect(story.journey.attempts).toBe(2);
	});
});

describe('a start is asked for while its answer has a second to come', () => {
	const WAIT_TIMEOUT = { waitTimeoutMs: 10_000 };

	/** What becomes of a server, and how often it is asked. */
	async function startedIn(cloud: FakeCloud, spentMs = 0) {
		const tools = toolsFor(cloud.session, START);
		const { result } = await cloud.clock.until(perform(idOf(1), false, tools, { spentMs }));
		return ['outcome' in result ? result.outcome : result.failure.reason, cloud.posts.length];
	}

	test.each([
		[9_000, 'accepted', 1],
		[9_001, 'timedOut', 0],
	])('%i ms of 10 s went into finding the server: %s', async (spentMs, word, posts) => {
		const cloud = new FakeCloud(() => answered(202), WAIT_TIMEOUT);
		expect(await startedIn(cloud, spentMs)).toEqual([word, posts]);
	});

	test.each([
		['8', 'accepted', 2],
		['9', 'throttled', 1],
	])('the cloud asks to come back after %s of 10 s: %s', async (seconds, word, posts) => {
		const slowDown = answered(429, nova(429, 'overLimit'), { 'retry-after': seconds });
		const cloud: FakeCloud = new FakeCloud(
			() => (cloud.posts.length === 1 ? slowDown : answered(202)),
			WAIT_TIMEOUT,
		);
		expect(await startedIn(cloud)).toEqual([word, posts]);
	});

	test.each([
		[0, 10],
		[4_000, 6],
	])('%i ms of 10 s were spent: the server is given up %i s later', async (spentMs, seconds) => {
		const cloud = new FakeCloud(
			({ method }) =>
				answered(method === 'POST' ? 202 : 200, { server: server(1, { status: 'BUILD' }) }),
			WAIT_TIMEOUT,
		);
		const work = perform(idOf(1), true, toolsFor(cloud.session, START), { spentMs });
		expect(await cloud.clock.until(work)).toMatchObject({
			result: { failure: { reason: 'timedOut' } },
			seconds: 10,
		});
		expect(cloud.clock.now()).toBe(seconds * 1000);
	});
});
