import type { Answer } from '../api/answer';
import type { Api } from '../api/api';
import {
	afterAnswer,
	type ApiVersion,
	type Call,
	type Choice,
	explainMissing,
	firstChoice,
	isElsewhere,
	isHuaweiCloud,
} from '../api/choice';
import { type EcsV1, ecsV1 } from '../api/ecs-v1/ecs-v1';
import type { CloudRequest, Send } from '../api/requests';

/** What came back, and from which API. */
interface Told {
	answer: Answer;
	api: Api;
}

/** An action as it goes out. */
interface Departing {
	request: CloudRequest;
	timeoutMs: number;
	onLeave?: () => void;
}

/** Where the APIs are, and which of them may be asked. */
interface ApiSettings {
	projectId: string;
	ecsEndpoint: string;
	apiVersion: ApiVersion;
}

/** The APIs of a project, of which nothing is known yet; of ECS v1 also what it has alone. */
export function openApis(
	{ projectId, ecsEndpoint, apiVersion }: ApiSettings,
	send: Send,
): { apis: Apis; ecs: EcsV1 } {
	const isHuawei = isHuaweiCloud(ecsEndpoint);
	const ecs = ecsV1(projectId, isHuawei ? 'marker' : 'number');
	const choice = firstChoice(apiVersion, projectId, ecs, isHuawei);
	return { apis: new Apis(choice, apiVersion, send), ecs };
}

/** Which of the cloud's APIs an execution asks, found out by asking: once for each kind of call. */
export class Apis {
	/** What APIs have said last that do not have the call for actions: who waited for them meanwhile need not ask. */
	private readonly refusals = new Map<Api, Answer>();

	constructor(
		private choice: Choice,
		private readonly version: ApiVersion,
		private readonly send: Send,
	) {}

	/** The one that such calls go to now. */
	of(call: Call): Api {
		return this.choice[call].apis[0];
	}

	/** Reads from the API of the moment; where it does not have the call, from the next one. */
	async read(
		call: 'read' | 'list',
		build: (api: Api) => CloudRequest,
		timeoutMs: number,
	): Promise<Told> {
		for (;;) {
			const api = this.of(call);
			const answer = await this.ask(call, api, { request: build(api), timeoutMs });
			if (!this.hasMoved(call, api, answer)) return { answer, api };
		}
	}

	/**
	 * Asks for an action by the API that was chosen before; `build` is called when it goes out. Whether it has to be
	 * asked for again by another one, `hasMoved` tells.
	 */
	async act(api: Api, build: () => Departing): Promise<Answer> {
		const known = this.refusals.get(api);
		if (known && this.of('act') !== api) return known;
		const answer = await this.ask('act', api, build());
		if (this.hasMoved('act', api, answer)) this.refusals.set(api, answer);
		return answer;
	}

	/** Whether this answer means that another API has to be asked, which is known by now. */
	hasMoved(call: Call, asked: Api, answer: Answer): boolean {
		return this.of(call) !== asked && isElsewhere(asked, answer);
	}

	private async ask(
		call: Call,
		api: Api,
		{ request, timeoutMs, onLeave }: Departing,
	): Promise<Answer> {
		const answer = await this.send(request, timeoutMs, onLeave);
		this.choice = afterAnswer(this.choice, call, api, answer);
		if (answer.kind !== 'answered' || !api.isMissing(answer)) return answer;
		const missing = explainMissing(this.choice, call, this.version);
		return { ...answer, explanation: answer.explanation ?? missing };
	}
}
