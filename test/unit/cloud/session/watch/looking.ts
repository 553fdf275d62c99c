import type { Answer } from '../../../../../nodes/cloud/api/answer';
import { firstChoice } from '../../../../../nodes/cloud/api/choice';
import { ecsV1 } from '../../../../../nodes/cloud/api/ecs-v1/ecs-v1';
import type { CloudRequest } from '../../../../../nodes/cloud/api/requests';
import { Apis } from '../../../../../nodes/cloud/session/apis';
import { CloudTime } from '../../../../../nodes/cloud/session/cloud-time';
import { Gate } from '../../../../../nodes/cloud/session/gate/gate';
import { Traffic } from '../../../../../nodes/cloud/session/gate/traffic';
import { ServerReader } from '../../../../../nodes/cloud/session/reader';
import { Looker } from '../../../../../nodes/cloud/session/watch/looker';
import { type Look, type Viewer, Waiters } from '../../../../../nodes/cloud/session/watch/waiters';
import { answered } from '../../../answers';
import { VirtualClock } from '../../../virtual-clock';
import { MINUTES_5, range } from './project';

type Reply = (what: string) => Answer | undefined | Promise<Answer>;

export const isList = (what: string) => what === 'list';

/** Who looks, and a cloud that lists servers 1 to 9 and reads any. */
export class Looking {
	readonly clock = new VirtualClock();

	readonly waiters = new Waiters();

	readonly looker = new Looker(this.clock, this.waiters);

	/** Who has sent what: `list`, or the number of the server that was read. */
	readonly calls: string[] = [];

	readonly looks = new Map<string, Look>();

	instead: Reply = () => undefined;

	/** The servers that each list was asked for, where it was asked for some. */
	readonly chosen: string[][] = [];

	private readonly traffic = new Traffic(this.clock);

	constructor(private readonly api: 'nova' | 'ecsV1' = 'nova') {}

	viewer(name: string, { signal } = new AbortController()): Viewer {
		const gate = new Gate(this.clock, this.traffic, 10, MINUTES_5, signal);
		const send = async ({ path, query }: CloudRequest) => {
			if (query?.server_id) this.chosen.push(query.server_id.split(','));
			return await this.reply(name, path, this.chosen.at(-1));
		};
		const version = this.api === 'nova' ? 'v2.1' : 'v1';
		const choice = firstChoice(version, 'p', ecsV1('p', 'marker'), false);
		return {
			reader: new ServerReader(gate, new Apis(choice, version, send)),
			cloudTime: new CloudTime(),
			pollIntervalMs: 5_000,
			signal,
		};
	}

	/** An execution that the cloud does not answer, nor any other until it has ended. */
	viewerThatEnds(name: string): { viewer: Viewer; end: () => void } {
		const cancel = new AbortController();
		const viewer = this.viewer(name, cancel);
		this.instead = () => (cancel.signal.aborted ? undefined : new Promise<Answer>(() => undefined));
		const end = () => {
			this.waiters.drop(viewer);
			cancel.abort();
		};
		return { viewer, end };
	}

	/** Somebody waits for these servers. */
	wait(viewer: Viewer, serverIds: string[], deadline = MINUTES_5, isFirst = false): void {
		for (const serverId of serverIds) {
			const order = this.waiters.nextLook();
			const settleLook = (look: Look) => this.looks.set(serverId, look);
			const latest = 0;
			const one = { viewer, serverId, order, deadline, isFirst, latest };
			this.waiters.add({ ...one, settle: settleLook });
		}
	}

	/** Looks for all who wait; returns the servers that it was done with singly. */
	async look(serverIds: string[], only?: Viewer): Promise<string[]> {
		const done: string[] = [];
		const unseen = await this.looker.list(new Set(serverIds), { only });
		await this.looker.read(unseen, { only }, (serverId) => done.push(serverId));
		return done;
	}

	private async reply(by: string, path: string, chosen = range(1, 9)): Promise<Answer> {
		const id = path.split('/').at(-1) ?? '';
		const what = id === 'detail' ? 'list' : String(Number(id.slice(-12)));
		this.calls.push(`${what} ${by}`);
		const instead = await this.instead(what);
		if (instead) return instead;
		const server = (one: string) => ({ id: one, status: 'SHUTOFF' });
		return answered(200, isList(what) ? { servers: chosen.map(server) } : { server: server(id) });
	}
}
