/**
 * What the node relies on in each API that it may ask: the same sentences for Nova and for ECS v1, in the node's own
 * words for requests and answers.
 */
import type { Answer } from '../../nodes/cloud/api/answer';
import type { ActVerdict, Api } from '../../nodes/cloud/api/api';
import { ecsV1 } from '../../nodes/cloud/api/ecs-v1/ecs-v1';
import { nova } from '../../nodes/cloud/api/nova/nova';
import type { CloudRequest } from '../../nodes/cloud/api/requests';
import { type Server, toServer } from '../../nodes/cloud/api/server';
import { verdict } from '../../nodes/cloud/api/verdict';
import { type PowerAction } from '../../nodes/cloud/power/actions/action';
import { restart } from '../../nodes/cloud/power/actions/restart';
import { START } from '../../nodes/cloud/power/actions/start';
import { stop } from '../../nodes/cloud/power/actions/stop';
import { pick, send } from './client';
import {
	account,
	act,
	makeRunning,
	makeStopped,
	makeTrouble,
	novaRoot,
	server,
	serverIds,
	target,
	token,
	UNKNOWN_ID,
	useLab,
	withEcsV1,
	withoutEcsV1,
	withTrouble,
} from './lab';
import { waitUntil } from './target';

useLab();

const APIS: Array<[string, jest.It, () => Api]> = [
	['Nova', test, () => nova('v2.1', account.projectId)],
	['ECS v1', withEcsV1, () => ecsV1(account.projectId, 'number')],
	['ECS v1 of Huawei Cloud', withEcsV1, () => ecsV1(account.projectId, 'marker')],
];

async function ask(
	{ method, path, query, headers, body }: CloudRequest,
	by = token,
): Promise<Answer> {
	const url = `${novaRoot}${path}?${new URLSearchParams(query).toString()}`;
	const reply = await send(method, url, { headers: { 'X-Auth-Token': by, ...headers }, body });
	const { status, headers: answered, json, text } = reply;
	return { kind: 'answered', status, headers: answered, body: json ?? text };
}

const bodyOf = (answer: Answer) => (answer.kind === 'answered' ? answer.body : undefined);

async function asked(api: Api, action: PowerAction, id = server): Promise<ActVerdict> {
	return api.judge(await ask(api.act(id, action)));
}

async function read(api: Api, id = server): Promise<Server | undefined> {
	return toServer(pick(bodyOf(await ask(api.read(id))), 'server'));
}

/** All that a list shows, page by page, as long as these say that more follows. */
async function listed(api: Api, filters: Record<string, string>, limit: number): Promise<string[]> {
	const ids: string[] = [];
	let after: string | undefined;
	for (;;) {
		const body = bodyOf(await ask(api.list(filters, limit, after))) as Record<string, unknown>;
		const page = api.page(body, limit, after);
		if (!page) throw new Error(`That is no list: ${JSON.stringify(body)}`);
		const its = page.servers.map((one) => String(pick(one, 'id')));
		ids.push(...its);
		if (!page.more || its.length === 0) return ids;
		after = page.next ?? its.at(-1);
	}
}

/** What the records of the cloud say of an action that it took, once they say anything. */
async function evidenceOf(api: Api, action: PowerAction, judged: ActVerdict) {
	const { requestId, jobId } = judged as { requestId?: string; jobId?: string };
	const { novaName, novaOpposites: opposites } = action;
	const wanted = { serverId: server, requestId, jobId, novaName, opposites };
	const request = api.evidence(wanted);
	if (!request) throw new Error('There are no records');
	return await waitUntil(
		async () => api.readEvidence(await ask(request), wanted),
		({ word }) => word !== 'absent',
	);
}

describe.each(APIS)(`${target.name} through %s`, (_, tests, apiOf) => {
	beforeEach(async () => await makeStopped());

	tests('a stopped server is started', async () => {
		expect(await asked(apiOf(), START)).toMatchObject({ word: 'accepted' });
		await waitUntil(
			async () => await read(apiOf()),
			(is) => is?.status === 'ACTIVE' && is.task === undefined,
		);
	});

	tests('a running server is stopped', async () => {
		await makeRunning();
		expect(await asked(apiOf(), stop(false))).toMatchObject({ word: 'accepted' });
		await waitUntil(
			async () => await read(apiOf()),
			(is) => is?.status === 'SHUTOFF' && is.task === undefined && is.poweredOff,
		);
	});

	tests('a running server is restarted, which its records prove', async () => {
		await makeRunning();
		const judged = await asked(apiOf(), restart(true));
		expect(judged).toMatchObject({ word: 'accepted' });
		// A job tells of its end, a list of actions of their beginning.
		expect(await evidenceOf(apiOf(), restart(true), judged)).toMatchObject({ word: 'recorded' });
	});

	if (tests !== test.skip) {
		withTrouble('a start that fell back has failed, by its records', async () => {
			await makeTrouble({ start: 'fallsBack' });
			const judged = await asked(apiOf(), START);
			expect(judged).toMatchObject({ word: 'accepted' });
			await waitUntil(
				async () => await evidenceOf(apiOf(), START, judged),
				({ word }) => /^failed(InJob)?$/.test(word),
			);
			expect(await read(apiOf())).toMatchObject({ status: 'SHUTOFF', task: undefined });
		});
	}

	tests('a server shows its name, its status and its lock', async () => {
		const shown = await read(apiOf());
		expect(shown).toMatchObject({ id: server, status: 'SHUTOFF', locked: false });
		expect(shown?.name).toMatch(new RegExp(`^${target.serverPrefix}`));
		await act(server, { lock: null });
		expect(await read(apiOf())).toMatchObject({ locked: true });
	});

	tests('a server that is not there is not found, which is no word of a gateway', async () => {
		const answer = await ask(apiOf().read(UNKNOWN_ID));
		expect(verdict(answer)).toMatchObject({ word: 'fail', reason: 'notFound' });
		expect(apiOf().isMissing(answer)).toBe(false);
	});

	tests.each([1, 3, 100])('lists of %i a page show each server once', async (limit) => {
		const ids = await listed(apiOf(), {}, limit);
		expect(ids).toEqual(expect.arrayContaining(serverIds));
		expect(new Set(ids).size).toBe(ids.length);
	});

	tests('a list goes by name and status', async () => {
		const [other] = serverIds.slice(1);
		await makeRunning(other);
		const name = target.serverPrefix;
		const stopped = await listed(apiOf(), { name, status: 'SHUTOFF' }, 100);
		expect(stopped).toContain(server);
		expect(stopped).not.toContain(other);
		expect(await listed(apiOf(), { name, status: 'ACTIVE' }, 100)).toContain(other);
		await makeStopped(other);
	});

	tests('a token that is none is refused, which is no word of a gateway', async () => {
		const answer = await ask(apiOf().read(server), 'none');
		expect(verdict(answer)).toMatchObject({ word: 'fail', reason: 'unauthorized' });
		expect(apiOf().isMissing(answer)).toBe(false);
	});
});

withEcsV1(
	'servers that are chosen by their IDs are listed alone, and none that is not there',
	async () => {
		const api = ecsV1(account.projectId, 'marker');
		const chosen = [serverIds[1], UNKNOWN_ID, serverIds[2]];
		expect(await listed(api, { server_id: chosen.join(',') }, 100)).toEqual([
			serverIds[1],
			serverIds[2],
		]);
	},
);

withoutEcsV1('where there is no ECS v1, each of its calls is missing', async () => {
	const api = ecsV1(account.projectId, 'number');
	for (const request of [api.act(server, START), api.read(server), api.list({}, 10)]) {
		expect(api.isMissing(await ask(request))).toBe(true);
	}
});
