import { type CloudAddresses, isCertificateAddress, isConfirmationLink } from './addresses';
import { type Choice, isChosen } from './choice';
import { confirm, keyAt, type Tools } from './door';
import { type Notification, readMessage, sentAt, type SmnMessage } from './message';
import { type Notice, readNotice } from './notice';
import { isSigned } from './signature';
import type { Topic } from './topic';

/** What one trigger listens to. */
export interface Listener {
	/** Names workflow, node and mode: what is remembered is remembered for each. */
	id: string;
	topic: Topic;
	cloud: CloudAddresses;
	choice: Choice;
}

/** A request as it came in. */
export interface Incoming {
	body: Buffer | undefined;
	/** By their names in lower case. */
	headers: Readonly<Record<string, unknown>>;
	/** When, in milliseconds since 1970. */
	at: number;
}

export interface Reply {
	status: number;
	message: string;
	/** What the log is to say of it. */
	log?: string;
}

/** What to do about a request: answer it, or start the workflow with a notice. */
export type Verdict = Reply | { notice: Notice };

export const NOT_SMN: Reply = { status: 400, message: 'Not an SMN message' };
export const NOT_SUPPORTED: Reply = { status: 400, message: 'SMN message not supported' };
export const NOT_THIS_TOPIC: Reply = { status: 403, message: 'Not this topic' };
export const NOT_THIS_CLOUD: Reply = { status: 403, message: 'Not signed by this cloud' };
/** SMN sends again what was answered with 5xx, and nothing else. */
export const TRY_AGAIN: Reply = { status: 503, message: 'Try again' };
export const NOT_VALID: Reply = { status: 401, message: 'Signature not valid' };
export const CONFIRMED: Reply = {
	status: 200,
	message: 'Subscription confirmed',
	log: 'The subscription to the topic is confirmed',
};
export const NOT_CONFIRMED: Reply = {
	status: 200,
	message: 'Subscription not confirmed',
	log: 'A subscription to the topic was not confirmed',
};
export const ENDED: Reply = {
	status: 200,
	message: 'Subscription ended',
	log: 'A subscription to the topic was ended',
};
export const NOTHING_TO_DO: Reply = { status: 200, message: 'Nothing to do' };

const CONFIRMATION_REPLIES = {
	confirmed: CONFIRMED,
	refused: NOT_CONFIRMED,
	tryAgain: { ...TRY_AGAIN, log: 'A subscription to the topic could not be confirmed just now' },
};

/** SMN waits 5 s; this leaves n8n time to create the execution. */
const BUDGET_MS = 3_400;
/** How long a link that confirms is good. */
const LINK_AGE_MS = 48 * 3_600_000;

/**
 * Judges a request that claims to come from SMN. All that can be judged without network is judged
 * first; nothing is called for a message before its signature is checked but its certificate. Without a
 * listener, as its parameters mean nothing, there is no topic to be of. Never throws, whatever came in.
 */
export async function receive(
	incoming: Incoming,
	listener: Listener | undefined,
	tools: Tools,
): Promise<Verdict> {
	const deadline = tools.clock.now() + BUDGET_MS;
	const message = readMessage(incoming.body);
	if (message === 'malformed') return NOT_SMN;
	if (message === 'unsupported') return NOT_SUPPORTED;
	if (!listener || !isOf(listener.topic, message, incoming.headers)) return NOT_THIS_TOPIC;
	if (!isFrom(listener, message)) return NOT_THIS_CLOUD;

	const key = await keyAt(message.signing_cert_url, deadline, tools);
	if (key === undefined) return TRY_AGAIN;
	if (!isSigned(message, key)) return NOT_VALID;

	const age = incoming.at - sentAt(message);
	if (message.type === 'Notification') return notify(message, age, listener, tools);
	const { clock, memory } = tools;
	if (message.type === 'UnsubscribeConfirmation') {
		memory.ended.set(listener.id, true, clock.now());
		return ENDED;
	}
	const id = entry(listener, message);
	const isKnown = memory.confirmations.get(id, clock.now()) !== undefined;
	if (!isKnown && !mayConfirm(age, listener, tools)) return NOT_CONFIRMED;
	const outcome = await confirm(id, message.subscribe_url, listener.cloud, deadline, tools);
	return CONFIRMATION_REPLIES[outcome];
}

/** A signature proves that SMN sent a message, not that it is of this topic: anybody can have a topic. */
function isOf(topic: Topic, message: SmnMessage, headers: Incoming['headers']): boolean {
	const agrees = (name: string, value: string) =>
		headers[name] === undefined || headers[name] === value;
	return (
		message.topic_urn === topic.urn &&
		agrees('x-smn-topic-urn', topic.urn) &&
		agrees('x-smn-message-type', message.type)
	);
}

function isFrom({ cloud, topic }: Listener, message: SmnMessage): boolean {
	if (!isCertificateAddress(message.signing_cert_url, topic, cloud)) return false;
	if (message.type !== 'SubscriptionConfirmation') return true;
	return isConfirmationLink(message.subscribe_url, topic, cloud);
}

/**
 * After somebody ended a subscription by its link, SMN sends a confirmation 'in case of a mistake':
 * to follow it would undo what they did.
 */
function mayConfirm(age: number, listener: Listener, { clock, memory }: Tools): boolean {
	return age <= LINK_AGE_MS && memory.ended.get(listener.id, clock.now()) === undefined;
}

function notify(
	message: Notification,
	age: number,
	listener: Listener,
	{ clock, memory }: Tools,
): Verdict {
	const id = entry(listener, message);
	if (memory.started.get(id, clock.now()) !== undefined) return NOTHING_TO_DO;
	const notice = readNotice(message, listener.topic);
	if (!isChosen(notice, age, listener.choice)) return NOTHING_TO_DO;
	memory.started.set(id, true, clock.now());
	return { notice };
}

function entry(listener: Listener, message: SmnMessage): string {
	return `${listener.id}:${message.message_id}`;
}
