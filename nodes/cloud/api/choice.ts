import type { Answer, Explanation, NotSent } from './answer';
import type { Api } from './api';
import type { EcsV1 } from './ecs-v1/ecs-v1';
import { nova } from './nova/nova';

/** The paths of OpenStack's compute API. */
export const NOVA_VERSIONS = ['v2', 'v2.1'] as const;

export type NovaVersion = (typeof NOVA_VERSIONS)[number];

/** Which of the APIs is asked: whichever the cloud has, or one of them alone. */
export const API_VERSIONS = ['auto', 'v1', ...NOVA_VERSIONS] as const;

export type ApiVersion = (typeof API_VERSIONS)[number];

/** The kinds of calls, which gateways publish one by one. */
export type Call = 'act' | 'read' | 'list';

/** The APIs that may have a kind of call, the one to ask first; once it `works`, no other will be asked. */
interface Candidates {
	apis: readonly [Api, ...Api[]];
	/** Those of them that have said once that they do not have it, and get one more chance after the others. */
	doubted: readonly Api[];
	works: boolean;
}

/** Which API each kind of call goes to, as far as it is known. */
export type Choice = Readonly<Record<Call, Candidates>>;

/** Huawei Cloud calls Nova's API historical and advises against it; all others have it, or may have it alone. */
export function isHuaweiCloud(ecsEndpoint: string): boolean {
	return /\.myhuaweicloud\.(com|eu)$/i.test(new URL(ecsEndpoint).hostname);
}

/** What is asked before anything is known of the cloud. */
export function firstChoice(
	version: ApiVersion,
	projectId: string,
	ecs: EcsV1,
	prefersEcs: boolean,
): Choice {
	const both = (): Candidates['apis'] => {
		const native = nova('v2.1', projectId);
		return prefersEcs ? [ecs, native] : [native, ecs];
	};
	const apis = {
		auto: both,
		v1: (): Candidates['apis'] => [ecs],
		v2: (): Candidates['apis'] => [nova('v2', projectId)],
		'v2.1': (): Candidates['apis'] => [nova('v2.1', projectId)],
	}[version]();
	const candidates = { apis, doubted: [], works: false };
	return { act: candidates, read: candidates, list: candidates };
}

/** Whether the API does not have the call as it was sent: nothing was taken. */
export function isElsewhere({ plainer, isMissing }: Api, answer: Answer | NotSent): boolean {
	const isTooNew = answer.kind === 'answered' && answer.status === 406;
	return isMissing(answer) || (plainer !== undefined && isTooNew);
}

/** What the answer of an API tells of where such calls go. */
export function afterAnswer(choice: Choice, call: Call, asked: Api, answer: Answer): Choice {
	const candidates = choice[call];
	if (candidates.apis[0] !== asked) return choice;
	if (asked.isMissing(answer)) return { ...choice, [call]: withoutFirst(candidates) };
	if (asked.plainer && isElsewhere(asked, answer)) return inPlaceOf(choice, asked, asked.plainer);
	return hasWorked(answer) ? { ...choice, [call]: { ...candidates, works: true } } : choice;
}

/**
 * One such answer is no proof, as a gateway that is just being changed gives it, too: where the other API does not have
 * the call either, the first is asked once more. Who says it twice is asked no more, so that this ends.
 */
function withoutFirst(candidates: Candidates): Candidates {
	const { apis, doubted, works } = candidates;
	const [first, next, ...others] = apis;
	if (works || next === undefined) return candidates;
	if (doubted.includes(first)) return { ...candidates, apis: [next, ...others] };
	return { ...candidates, apis: [next, ...others, first], doubted: [...doubted, first] };
}

/** What a cloud does not know in one kind of call, it knows in none. */
function inPlaceOf(choice: Choice, asked: Api, plainer: Api): Choice {
	const of = (api: Api) => (api === asked ? plainer : api);
	const replaced = ({ apis: [now, ...others], doubted, works }: Candidates): Candidates => ({
		apis: [of(now), ...others.map(of)],
		doubted: doubted.map(of),
		works,
	});
	return { act: replaced(choice.act), read: replaced(choice.read), list: replaced(choice.list) };
}

function hasWorked(answer: Answer): boolean {
	return answer.kind === 'answered' && [200, 202, 204].includes(answer.status);
}

/** What to tell where no API is left to ask, or such calls have worked before. */
export function explainMissing(choice: Choice, call: Call, version: ApiVersion): Explanation {
	if (choice[call].works) return NO_LONGER;
	return version === 'auto' ? NEITHER : NOT_THIS_ONE;
}

const NO_LONGER: Explanation = {
	why: 'a gateway in front of the cloud refused a call that has just worked',
	hint: 'Run this again in a moment; the gateway may be in the middle of a change',
};

const NEITHER: Explanation = {
	why: 'the cloud offers neither Nova nor ECS v1 at this endpoint',
	hint: 'Check the cloud and the region in the credential, or the Compute Endpoint of a custom one',
};

/** The way out where one version alone may be asked, and is not there. */
export const TAKE_AUTOMATIC = "Set 'API Version' in Options to Automatic";

const NOT_THIS_ONE: Explanation = {
	why: 'the cloud does not offer this API here',
	hint: TAKE_AUTOMATIC,
};
