import type { Answer } from '../../../../nodes/cloud/api/answer';
import { tagsOf } from '../../../../nodes/cloud/session/reader';
import type { SessionSettings } from '../../../../nodes/cloud/session/session';
import { answered, HTML_502, lost, nova } from '../../answers';
import { idOf, server } from '../../servers';
import { FakeCloud } from '../../session';

const ID = idOf(1);
const VERSION = 'X-OpenStack-Nova-API-Version';

const cloudThat = (reply: () => Answer, settings?: Partial<SessionSettings>) =>
	new FakeCloud(reply, settings);
const one = async (answer: Answer) => await cloudThat(() => answer).session.reader.one(ID, {});
const page = async (answer: Answer) =>
	await cloudThat(() => answer).session.reader.page({}, 5, undefined, {});

describe('one server', () => {
	test('is read, with all that the cloud says of it', async () => {
		const json = server(1, { more: 'x' });
		expect(await one(answered(200, { server: json }))).toMatchObject({
			kind: 'row',
			server: { id: ID, status: 'ACTIVE' },
			json,
		});
	});

	test.each<[string, Answer, object]>([
		['is not there', answered(404, nova(404, 'itemNotFound')), { reason: 'notFound', final: true }],
		[
			'may not be read',
			answered(403, nova(403, 'forbidden')),
			{ reason: 'forbidden', final: true },
		],
		// a login may change that
		['is refused', answered(401, nova(401, 'x')), { reason: 'unauthorized', final: false }],
		['is out', answered(503, nova(503, 'x')), { reason: 'unavailable', final: false }],
		['is lost', lost('ECONNRESET'), { reason: 'unreachable', final: false }],
		['is something else', answered(200, { x: 1 }), { reason: 'unexpectedResponse', final: true }],
		['is a page', answered(200, HTML_502), { reason: 'unexpectedResponse', final: true }],
		['comes with 202', answered(202, { server: server(1) }), { reason: 'unexpectedResponse' }],
	])('whose answer %s', async (_, answer, expected) => {
		expect(await one(answer)).toMatchObject({ kind: 'unread', ...expected });
	});
});

describe('a page of servers', () => {
	const withLinks = (links: unknown) =>
		answered(200, { servers: [server(1)], servers_links: links });

	test.each<[string, unknown, boolean]>([
		['a link to the next page', [{ rel: 'next' }], true],
		['one among others', [null, { rel: 'self' }, { rel: 'next' }], true],
		['a link to elsewhere', [{ rel: 'self' }], false],
		['no list of links', { rel: 'next' }, false],
		['none', undefined, false],
	])('with %s', async (_, links, more) => {
		expect(await page(withLinks(links))).toMatchObject({ kind: 'page', more });
	});

	test('that holds what is no server gives nothing', async () => {
		const answer = answered(200, { servers: [server(1), { id: 7 }] });
		expect(await page(answer)).toMatchObject({ kind: 'unread', reason: 'unexpectedResponse' });
	});

	test('that is not found was asked for in the wrong place', async () => {
		const answer = answered(404, nova(404, 'itemNotFound'));
		expect(await page(answer)).toMatchObject({ kind: 'unread', reason: 'invalidInput' });
	});
});

describe('pages after one that the cloud took too long for', () => {
	/** How long the page is that is asked for after this answer to one of `limit` servers. */
	async function nextLimit(answer: Answer, limit = 1000) {
		const cloud = cloudThat(() => (cloud.requests.length === 1 ? answer : answered(200)));
		const { reader } = cloud.session;
		await cloud.clock.until(reader.page({}, limit, undefined, {}));
		await cloud.clock.until(reader.page({}, 1000, undefined, {}));
		return cloud.queries('limit')[1].limit;
	}

	test.each(['ECONNABORTED', 'ESOCKETTIMEDOUT', 'ETIMEDOUT'])('(%s) are shorter', async (code) => {
		expect(await nextLimit(lost(code))).toBe('100');
	});

	test('(504) are shorter', async () => {
		expect(await nextLimit(answered(504))).toBe('100');
	});

	test.each([
		[255, '26'],
		[50, '10'],
	])('are a tenth of %i, but no less than ten: %s', async (limit, next) => {
		expect(await nextLimit(answered(504), limit)).toBe(next);
	});

	test.each<[string, Answer]>([
		['a refused connection', lost('ECONNREFUSED', false)],
		['no connection in time', lost('ETIMEDOUT', false)],
		['a connection that broke', lost('ECONNRESET')],
		['another error', answered(500)],
	])('stay as long after %s', async (_, answer) => {
		expect(await nextLimit(answer)).toBe('1000');
	});
});

describe('a cloud that does not know the microversion', () => {
	test('is asked without it, at once and from then on', async () => {
		const cloud: FakeCloud = new FakeCloud(({ headers = {} }) =>
			VERSION in headers ? answered(406) : answered(200, { server: server(1) }),
		);
		expect(await cloud.session.reader.one(ID, {})).toMatchObject({ kind: 'row' });
		expect(await cloud.session.reader.one(ID, {})).toMatchObject({ kind: 'row' });
		expect(cloud.requests.map(({ headers }) => headers)).toEqual([{ [VERSION]: '2.26' }, {}, {}]);
	});

	test('and refuses all the same is asked no third time', async () => {
		const cloud = cloudThat(() => answered(406));
		expect(await cloud.session.reader.one(ID, {})).toMatchObject({ kind: 'unread' });
		expect(cloud.requests).toHaveLength(2);
	});
});

test('a read tells when it goes out', async () => {
	const onSend = jest.fn();
	await cloudThat(() => answered(200)).session.reader.one(ID, { onSend });
	expect(onSend).toHaveBeenCalledTimes(1);
});

test('the tags of a server are its texts, and none where the cloud shows none', () => {
	expect(tagsOf({ tags: ['a=1', 7, 'b'] })).toEqual(['a=1', 'b']);
	expect(tagsOf({ tags: [] })).toEqual([]);
	expect(tagsOf({ tags: 'a' })).toBeUndefined();
	expect(tagsOf({})).toBeUndefined();
});
