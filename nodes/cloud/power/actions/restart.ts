import { inConsole } from '../../words/hints';
import { inBatch, type PowerAction } from './action';

/** A hard reboot takes a server in these statuses, too. */
const WAYS_OUT = {
	ERROR: `Look at the fault of the server ${inConsole('server show')}, or restart it with 'Forceful'`,
	PAUSED: "Unpause the server first, or restart it with 'Forceful'",
	SUSPENDED: "Resume the server first, or restart it with 'Forceful'",
	SHUTOFF: 'Start the server instead',
};

/**
 * A restart begins and ends with a running server, so that only the reboot itself, seen or recorded,
 * proves it; and a second one does harm, so that it is not repeated after a lost answer.
 */
export function restart(forceful: boolean): PowerAction {
	const type = forceful ? 'HARD' : 'SOFT';
	return {
		name: 'restart',
		novaName: 'reboot',
		novaOpposites: ['stop'],
		body: { reboot: { type } },
		batchBody: (serverIds) => ({ reboot: { type, servers: inBatch(serverIds) } }),
		wanted: 'running',
		onTheWay: 'rebooting',
		from: 'running',
		alsoFrom: forceful ? ['stopped', 'parked', 'broken'] : [],
		opposite: 'rebooting',
		toldBy: 'proof',
		done: 'restarted',
		failed: 'restartFailed',
		words: {
			verb: 'restart',
			wanted: 'running',
			opposite: 'being restarted by another request',
			undone: 'somebody stopped it',
			waysOut: forceful ? undefined : WAYS_OUT,
			failedHint: 'Restart it in the cloud console to see the reason',
			tooLateHints: forceful
				? []
				: ["A guest that does not react to a soft restart needs 'Forceful'"],
			busyHint: 'Wait until it runs, and restart it then if it still needs that',
			mayBeTakenHint: `Look ${inConsole('server event list')} whether it was restarted before you run this again`,
			cancelledHint: 'Check that before you run this again',
		},
	};
}
