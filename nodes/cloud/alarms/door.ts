import { isObject } from '../api/answer';
import type { Clock } from '../session/clock';
import { within } from '../session/within';
import { type CloudAddresses, redirectWithin } from './addresses';
import type { Fetch, Fetched } from './fetch';
import type { Confirmed, Memory } from './memory';
import { parseJson } from './message';
import { take } from './ration';
import { type Key, readKey } from './signature';

/** What a request of SMN is answered with. */
export interface Tools {
	clock: Clock;
	fetch: Fetch;
	memory: Memory;
}

const MAX_REDIRECTS = 2;

/**
 * The key of the certificate at an address of the cloud, or undefined if it cannot be had before
 * `deadline` (milliseconds on the clock). Those who ask for the same one share a request.
 */
export async function keyAt(url: string, deadline: number, tools: Tools): Promise<Key | undefined> {
	const { clock, memory } = tools;
	const known = memory.keys.get(url, clock.now());
	if (known !== undefined) return known;
	if (memory.failed.get(url, clock.now()) !== undefined) return undefined;
	const work = async () => await fetchKey(url, deadline, tools);
	return await inTime(deadline, clock, shared(memory.fetching, url, work));
}

async function fetchKey(url: string, deadline: number, tools: Tools): Promise<Key | undefined> {
	const { clock, memory } = tools;
	const fetched = await fetchRationed(url, deadline, tools);
	if (fetched === 'notSent') return undefined;
	const key = fetched?.status === 200 ? readKey(fetched.body) : undefined;
	if (key === undefined) memory.failed.set(url, true, clock.now());
	else memory.keys.set(url, key, clock.now());
	return key;
}

/**
 * Calls the link that confirms a subscription, once for all who ask at the same time. `id` names
 * listener and message. Once it worked or was refused, the link is not called again.
 */
export async function confirm(
	id: string,
	link: string,
	cloud: CloudAddresses,
	deadline: number,
	tools: Tools,
): Promise<Confirmed | 'tryAgain'> {
	const { clock, memory } = tools;
	const known = memory.confirmations.get(id, clock.now());
	if (known !== undefined) return known;
	const work = async () => {
		const outcome = await callLink(link, cloud, deadline, tools);
		if (outcome !== 'tryAgain') memory.confirmations.set(id, outcome, clock.now());
		return outcome;
	};
	return (await inTime(deadline, clock, shared(memory.confirming, id, work))) ?? 'tryAgain';
}

async function callLink(
	link: string,
	cloud: CloudAddresses,
	deadline: number,
	tools: Tools,
): Promise<Confirmed | 'tryAgain'> {
	let url = link;
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
		const fetched = await fetchRationed(url, deadline, tools);
		if (fetched === 'notSent' || fetched === undefined || fetched.status >= 500) return 'tryAgain';
		const { status, location } = fetched;
		if (status < 300 || status >= 400) return isSuccess(fetched) ? 'confirmed' : 'refused';
		const next = location === undefined ? undefined : redirectWithin(cloud, url, location);
		if (next === undefined) return 'refused';
		url = next;
	}
	return 'refused';
}

/** As Apache HertzBeat, which is in use against the real service, reads the answer. */
function isSuccess({ status, body }: Fetched): boolean {
	const answer = parseJson(body);
	return status === 200 && isObject(answer) && typeof answer.subscription_urn === 'string';
}

/** One request at a time and ten a minute, so that a stranger cannot use n8n to knock elsewhere. */
async function fetchRationed(
	url: string,
	deadline: number,
	{ clock, fetch, memory }: Tools,
): Promise<Fetched | undefined | 'notSent'> {
	const ration = take(memory.ration, clock.now());
	if (ration === undefined) return 'notSent';
	memory.ration = ration;
	const turn = memory.line.then(async () => {
		if (clock.now() >= deadline) return 'notSent';
		const ended = new AbortController();
		const fetched = await inTime(deadline, clock, fetch(url, ended.signal));
		ended.abort();
		return fetched;
	});
	memory.line = turn;
	return await turn;
}

async function shared<Value>(
	underWay: Map<string, Promise<Value>>,
	key: string,
	work: () => Promise<Value>,
): Promise<Value> {
	const other = underWay.get(key);
	if (other !== undefined) return await other;
	const own = work().finally(() => underWay.delete(key));
	underWay.set(key, own);
	return await own;
}

/** What comes before the deadline, or undefined. */
async function inTime<T>(deadline: number, clock: Clock, work: Promise<T>): Promise<T | undefined> {
	return await within(clock, deadline - clock.now(), work);
}
