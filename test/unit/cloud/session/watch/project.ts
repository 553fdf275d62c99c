import type { Answer } from '../../../../../nodes/cloud/api/answer';
import { CloudTime } from '../../../../../nodes/cloud/session/cloud-time';
import { Gate } from '../../../../../nodes/cloud/session/gate/gate';
import { Traffic } from '../../../../../nodes/cloud/session/gate/traffic';
import { firstChoice } from '../../../../../nodes/cloud/api/choice';
import { ecsV1 } from '../../../../../nodes/cloud/api/ecs-v1/ecs-v1';
import type { CloudRequest } from '../../../../../nodes/cloud/api/requests';
import { Apis } from '../../../../../nodes/cloud/session/apis';
import { ServerReader } from '../../../../../nodes/cloud/session/reader';
import type { Look, Viewer } from '../../../../../nodes/cloud/session/watch/waiters';
import { Watcher } from '../../../../../nodes/cloud/session/watch/watcher';
import { answered, nova } from '../../../answers';
import { VirtualClock } from '../../../virtual-clock';

export const MINUTES_5 = 300_000;
export const DATE = 'Wed, 25 Nov 2026 10:00:00 GMT';

export const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
export const range = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, index) => idOf(from + index));

interface Call {
	at: number;
	/** Whose execution it goes out through; the first one has no name. */
	by: string;
	/** `list`, `changed` or `read`. */
	what: string;
	request: CloudRequest;
	timeoutMs: number;
}

type Reply = Answer | undefined | Promise<Answer | undefined>;

interface Looking {
	deadline?: number;
	soon?: boolean;
	isFirst?: boolean;
}

/** An execution that looks, and what its looks gave. */
export class Viewing {
	readonly cancel = new AbortController();

	/** Told only where a test tells it. */
	readonly cloudTime = new CloudTime();

	readonly looks = new Map<string, Look>();

	readonly gate: Gate;

	private readonly viewer: Viewer;

	constructor(
		private readonly project: Project,
		name: string,
		pollIntervalMs: number,
		traffic: Traffic,
	) {
		const { clock } = project;
		const { signal } = this.cancel;
		this.gate = new Gate(clock, traffic, 10, MINUTES_5, signal);
		const send = async (request: CloudRequest, timeoutMs: number) =>
			await project.send(name, request, timeoutMs);
		const choice = firstChoice('v2.1', 'project', ecsV1('project', 'number'), false);
		const reader = new ServerReader(this.gate, new Apis(choice, 'v2.1', send));
		this.viewer = { reader, cloudTime: this.cloudTime, pollIntervalMs, signal };
		project.watcher.join(this.viewer);
	}

	look(ids: string[], { deadline = MINUTES_5, soon = false, isFirst = false }: Looking = {}): void {
		for (const id of ids) {
			this.looks.delete(id);
			void this.project.watcher
				.look(this.viewer, id, deadline, soon, isFirst)
				.then((look) => this.looks.set(id, look));
		}
	}

	/** What the looks gave: statuses, or the kind of another end. */
	seen(ids: string[]): string[] {
		return ids.map((id) => {
			const look = this.looks.get(id);
			return look?.kind === 'seen' ? look.server.status : (look?.kind ?? 'waiting');
		});
	}
}

/** A project full of servers, as a cloud lists and reads them to those who look. */
export class Project {
	readonly clock = new VirtualClock();

	readonly calls: Call[] = [];

	readonly watcher = new Watcher(this.clock);

	private readonly traffic = new Traffic(this.clock);

	private readonly one: Viewing;

	/** Status of each server, newest first. */
	readonly servers = new Map<string, string>();

	readonly changed = new Set<string>();

	pageSize = 1000;

	/** Where it gives a reply, that is the cloud's. */
	instead: (call: Call) => Reply = () => undefined;

	constructor(pollIntervalMs = 5_000) {
		this.one = this.execution('', pollIntervalMs);
	}

	/** Another execution that looks at the same servers. */
	execution(name: string, pollIntervalMs = 5_000): Viewing {
		return new Viewing(this, name, pollIntervalMs, this.traffic);
	}

	get cancel(): AbortController {
		return this.one.cancel;
	}

	get cloudTime(): CloudTime {
		return this.one.cloudTime;
	}

	get looks(): Map<string, Look> {
		return this.one.looks;
	}

	look(ids: string[], looking?: Looking): void {
		this.one.look(ids, looking);
	}

	seen(ids: string[]): string[] {
		return this.one.seen(ids);
	}

	async send(by: string, request: CloudRequest, timeoutMs: number): Promise<Answer> {
		const what = request.path.endsWith('/servers/detail')
			? request.query?.['changes-since']
				? 'changed'
				: 'list'
			: 'read';
		const call = { at: this.clock.now(), by, what, request, timeoutMs };
		this.calls.push(call);
		return (await this.instead(call)) ?? this.reply(call);
	}

	fill(count: number, status = 'SHUTOFF'): this {
		for (const id of range(1, count)) this.servers.set(id, status);
		return this;
	}

	change(ids: string[], status: string): void {
		for (const id of ids) {
			this.servers.set(id, status);
			this.changed.add(id);
		}
	}

	/** Time and kind of the calls, and who asked, since the last time this was asked. */
	newCalls(): string[] {
		const fresh = this.calls.slice(this.told);
		this.told = this.calls.length;
		return fresh.map(({ at, what, by }) => [at / 1000, what, by].join(' ').trim());
	}

	private told = 0;

	private reply({ what, request }: Call): Answer {
		if (what === 'read') {
			const id = request.path.split('/').at(-1) ?? '';
			const status = this.servers.get(id);
			if (status === undefined) return answered(404, nova(404, 'itemNotFound'), { date: DATE });
			return answered(200, { server: { id, status } }, { date: DATE });
		}
		const all = [...this.servers].filter(([id]) => what === 'list' || this.changed.has(id));
		const marker = request.query?.marker;
		const begin = marker ? all.findIndex(([id]) => id === marker) + 1 : 0;
		const page = all.slice(begin, begin + this.pageSize);
		return answered(200, {
			servers: page.map(([id, status]) => ({ id, status })),
			...(page.length === this.pageSize ? { servers_links: [{ rel: 'next', href: 'x' }] } : {}),
		});
	}
}
