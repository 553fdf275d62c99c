import type { Fault } from '../../api/answer';
import type { Reason } from '../../api/reason';
import {
	type Condition,
	condition,
	isKnownStatus,
	isOffUnnoticed,
	type Server,
} from '../../api/server';
import { type Failure, labelOf, type NamedServer } from '../../words/failure';
import { quote } from '../../words/quote';
import type { Journey, Rules } from '../journey';

/** What the messages about one server share: how they begin, its state, and the fields of a failure. */

/** What is said of the server: `head` follows its name, and `why` holds for others, too. */
export interface Words {
	head: string;
	why: string;
}

/** As in `did not start: the cloud refused the credential`. */
export function didNot({ action }: Rules, why: string, join = ': '): Words {
	return { head: ` did not ${action.words.verb}${join}${why}`, why };
}

/** As in `was not found`. */
export function it(what: string): Words {
	return { head: ` ${what}`, why: `it ${what}` };
}

export interface Details {
	fault?: Fault;
	hint?: string;
	/** False where the cloud's own words would only repeat the message. */
	quote?: boolean;
	/** A sentence of its own, after the cloud's words. */
	end?: string;
}

/** A failure of the server that the journey is about. */
export function failure(
	journey: Journey,
	reason: Reason,
	{ head, why }: Words,
	{ fault, hint = '', quote: quoted = true, end }: Details,
): Failure {
	const said = `${quoted && fault ? quote(fault) : ''}${end ? `. ${end}` : ''}`;
	const server = serverOf(journey);
	return {
		reason,
		message: `${labelOf(server)}${head}${said}`,
		why: `${why}${said}`,
		hint,
		server,
		httpStatus: fault?.httpStatus,
		code: fault?.code,
		requestId: fault?.requestId ?? journey.accepted?.requestId,
		status: journey.seen?.status,
	};
}

function serverOf({ serverId, seen, name }: Journey): NamedServer {
	return { id: serverId, name: seen?.name ?? name };
}

/** What is to be said where an answer was lost. */
export function mayBeTaken({ mayBeTaken: may }: Journey, { action }: Rules): string | undefined {
	if (!may) return undefined;
	return `The request to ${action.words.verb} may have been taken all the same`;
}

/** The server's state, as in `SHUTOFF, powering-on`. */
export function stateWords({ status, task, poweredOff }: Server): string {
	const guest = poweredOff && status === 'ACTIVE' && 'the guest is powered off';
	const unknown = !isKnownStatus(status) && 'a status that this node does not know';
	return [status, task, guest, unknown].filter(Boolean).join(', ');
}

/** What keeps the server from being asked, as in `it is being stopped`. */
export function doingWords(server: Server | undefined, { action }: Rules): string {
	if (!server) return 'in an unknown state';
	if (isOffUnnoticed(server)) return 'ACTIVE although its guest is powered off';
	const is = condition(server);
	if (is === action.opposite) return action.words.opposite;
	return DOING[is] ?? `busy (${stateWords(server)})`;
}

const DOING: Partial<Record<Condition, string>> = {
	starting: 'being started',
	stopping: 'being stopped',
	rebooting: 'being restarted',
};

/** As the editor shows it. */
export function waitField({ action }: Rules): string {
	const { wanted } = action.words;
	return `'Wait Until ${wanted.charAt(0).toUpperCase()}${wanted.slice(1)}'`;
}
