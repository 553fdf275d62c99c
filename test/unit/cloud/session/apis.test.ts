import { perform } from '../../../../nodes/cloud/power/perform';
import { restart } from '../../../../nodes/cloud/power/actions/restart';
import { START } from '../../../../nodes/cloud/power/actions/start';
import { toolsFor } from '../../../../nodes/cloud/power/tools';
import type { Answer } from '../../../../nodes/cloud/api/answer';
import type { CloudRequest } from '../../../../nodes/cloud/api/requests';
import { answered, ecs, gateway } from '../../answers';
import { idOf, server } from '../../servers';
import { FakeCloud } from '../../session';

const NOT_PUBLISHED = answered(404, gateway('APIGW.0101'));
const HUAWEI = { ecsEndpoint: 'https://ecs.ap-southeast-1.myhuaweicloud.com' };

/** Which calls of which API a cloud has, and what its server does. */
interface Offer {
	/** Such as `GET v1`. */
	has: string[];
	statuses: string[];
	job?: Answer;
	/** What is answered to the first actions, whoever has the call. */
	first?: Answer[];
}

/** A cloud with one server, which shows the next of `statuses` at each look, and the last one from then on. */
function cloudWith({ has, statuses, job, first = [] }: Offer, settings = {}) {
	const left = [...statuses];
	const flukes = [...first];
	const status = () => (left.length > 1 ? left.shift() : left[0]);
	return new FakeCloud(({ method, path }: CloudRequest) => {
		const version = path.split('/')[1];
		const fluke = method === 'POST' ? flukes.shift() : undefined;
		if (fluke) return fluke;
		if (path.includes('/jobs/')) return job ?? NOT_PUBLISHED;
		if (!has.includes(`${method} ${version}`)) return NOT_PUBLISHED;
		if (method === 'POST') {
			return version === 'v1' ? answered(200, { job_id: 'ff80' }) : answered(202);
		}
		const one = server(1, { status: status() });
		return answered(200, path.endsWith('/detail') ? { servers: [one], count: 1 } : { server: one });
	}, settings);
}

async function start(cloud: FakeCloud, action = START) {
	const { clock, session } = cloud;
	return await clock.until(perform(idOf(1), true, toolsFor(session, action)));
}

const asked = ({ requests }: FakeCloud) =>
	requests.map(({ method, path }) => `${method} ${path.split('/')[1]}`);

const posts = (cloud: FakeCloud) => cloud.posts.map(({ path }) => path.split('/')[1]);

test('where only ECS v1 is there, a start goes there, and costs one request to find out', async () => {
	const cloud = cloudWith(
		{ has: ['POST v1', 'GET v1'], statuses: ['SHUTOFF', 'ACTIVE'] },
		{ apiVersion: 'auto' },
	);
	const fate = await start(cloud);
	expect(fate).toMatchObject({ result: { outcome: 'started' }, attempts: 1 });
	expect(asked(cloud)).toEqual(['POST v2.1', 'GET v2.1', 'GET v1', 'POST v1', 'GET v1']);
});

test('it is looked at before ECS v1 is asked, so that one that runs is not asked', async () => {
	const cloud = cloudWith(
		{ has: ['POST v1', 'GET v2.1'], statuses: ['ACTIVE'] },
		{ apiVersion: 'auto' },
	);
	expect(await start(cloud)).toMatchObject({ result: { outcome: 'alreadyRunning' }, attempts: 0 });
	expect(asked(cloud)).toEqual(['POST v2.1', 'GET v2.1']);
});

test('on Huawei Cloud without ECS v1 it is Nova that is asked', async () => {
	const cloud = cloudWith(
		{ has: ['POST v2.1', 'GET v2.1'], statuses: ['ACTIVE'] },
		{ apiVersion: 'auto', ...HUAWEI },
	);
	expect(await start(cloud)).toMatchObject({ result: { outcome: 'started' }, attempts: 1 });
	expect(asked(cloud)).toEqual(['POST v1', 'POST v2.1', 'GET v1', 'GET v2.1']);
});

describe('a gateway says once of a call that is there that it has none', () => {
	const FLUKE = answered(404, '<html>404 Not Found</html>');

	test('Nova is asked again where ECS v1 is not there', async () => {
		const cloud = cloudWith(
			{ has: ['POST v2.1', 'GET v2.1'], statuses: ['SHUTOFF', 'ACTIVE'], first: [FLUKE] },
			{ apiVersion: 'auto' },
		);
		expect(await start(cloud)).toMatchObject({ result: { outcome: 'started' }, attempts: 1 });
		expect(posts(cloud)).toEqual(['v2.1', 'v1', 'v2.1']);
	});

	test('on Huawei Cloud without ECS v1 Nova is asked again', async () => {
		const cloud = cloudWith(
			{
				has: ['POST v2.1', 'GET v2.1'],
				statuses: ['SHUTOFF', 'ACTIVE'],
				first: [NOT_PUBLISHED, FLUKE],
			},
			{ apiVersion: 'auto', ...HUAWEI },
		);
		expect(await start(cloud)).toMatchObject({ result: { outcome: 'started' }, attempts: 1 });
		expect(posts(cloud)).toEqual(['v1', 'v2.1', 'v1', 'v2.1']);
	});

	test('a look at a server is taken again, too', async () => {
		let isFirst = true;
		const cloud = new FakeCloud(
			({ method, path }) => {
				if (method === 'POST') return answered(202);
				if (path.startsWith('/v1/')) return NOT_PUBLISHED;
				const answer = isFirst ? FLUKE : answered(200, { server: server(1, { status: 'ACTIVE' }) });
				isFirst = false;
				return answer;
			},
			{ apiVersion: 'auto' },
		);
		expect(await start(cloud)).toMatchObject({ result: { outcome: 'started' } });
		expect(asked(cloud)).toEqual(['POST v2.1', 'GET v2.1', 'GET v1', 'GET v2.1']);
	});
});

test('where neither is there, each is asked for an action twice at most', async () => {
	const cloud = cloudWith({ has: [], statuses: [''] }, { apiVersion: 'auto' });
	await start(cloud);
	expect(posts(cloud)).toEqual(['v2.1', 'v1', 'v2.1', 'v1']);
});

test('where neither is there, that is what the user reads', async () => {
	const fate = await start(cloudWith({ has: [], statuses: [''] }, { apiVersion: 'auto' }));
	expect(fate.result).toMatchObject({
		kind: 'failed',
		failure: {
			reason: 'invalidInput',
			message: expect.stringContaining('offers neither Nova nor ECS v1') as string,
		},
	});
});

test.each(['v1', 'v2', 'v2.1'])(
	'a fixed version %s that is not there names Automatic',
	async (apiVersion) => {
		const fate = await start(cloudWith({ has: [], statuses: [''] }, { apiVersion }));
		expect(fate.result).toMatchObject({
			kind: 'failed',
			failure: { reason: 'invalidInput', hint: expect.stringContaining('Automatic') as string },
		});
	},
);

describe('a restart through ECS v1', () => {
	const offer = { has: ['POST v1', 'GET v1'], statuses: ['ACTIVE'] };
	const part = (status: string, more = {}) => ({
		status,
		entities: { server_id: idOf(1) },
		...more,
	});
	const jobOf = (one: object) =>
		answered(200, { status: 'RUNNING', entities: { sub_jobs: [one] }, job_id: 'ff80' });

	test('is proved by its job', async () => {
		const cloud = cloudWith({ ...offer, job: jobOf(part('SUCCESS')) }, { apiVersion: 'v1' });
		expect(await start(cloud, restart(false))).toMatchObject({ result: { outcome: 'restarted' } });
	});

	test('fails with the words of its job', async () => {
		const failed = part('FAIL', { error_code: 'Ecs.0227', fail_reason: 'no such device' });
		const cloud = cloudWith({ ...offer, job: jobOf(failed) }, { apiVersion: 'v1' });
		expect(await start(cloud, restart(false))).toMatchObject({
			result: { failure: { message: expect.stringContaining('no such device') as string } },
		});
	});

	test('without a job that can be read is not taken for done', async () => {
		const cloud = cloudWith(offer, { apiVersion: 'v1' });
		expect(await start(cloud, restart(false))).toMatchObject({
			result: { failure: { reason: 'restartFailed' } },
		});
	});
});

test('a server that ECS v1 does not know was not found', async () => {
	const cloud = new FakeCloud(() => answered(404, ecs('Ecs.0114')), { apiVersion: 'v1' });
	expect(await start(cloud)).toMatchObject({ result: { failure: { reason: 'notFound' } } });
});
