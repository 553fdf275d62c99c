import type { Answer, NotSent } from '../api/answer';
import type { CloudRequest, Send } from '../api/requests';
import type { Clock } from './clock';
import type { Gate } from './gate/gate';
import { READ_TIMEOUT_MS } from './send';

/** What an execution reads by. */
interface Reading {
	gate: Gate;
	send: Send;
	clock: Clock;
}

/** Sends a read when its turn comes, unless it has no more use by then: after `deadline`, in milliseconds on the clock. */
export async function readUntil(
	{ gate, send, clock }: Reading,
	request: CloudRequest,
	deadline: number,
): Promise<Answer | NotSent> {
	const read = async () => await send(request, Math.min(READ_TIMEOUT_MS, deadline - clock.now()));
	return await gate.pass(read, { lane: 'read', deadline });
}
