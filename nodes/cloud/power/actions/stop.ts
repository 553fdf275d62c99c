import { inBatch, NO_HARM, type PowerAction } from './action';

/**
 * Without `forceful` the request carries no `type`: the cloud shuts the guest down. HARD is an
 * addition of OTC and Huawei Cloud; plain Nova ignores it.
 */
export function stop(forceful: boolean): PowerAction {
	const type = forceful ? { type: 'HARD' } : {};
	return {
		name: 'stop',
		novaName: 'stop',
		novaOpposites: ['start'],
		body: { 'os-stop': { ...type } },
		batchBody: (serverIds) => ({ 'os-stop': { servers: inBatch(serverIds), ...type } }),
		wanted: 'stopped',
		onTheWay: 'stopping',
		from: 'running',
		alsoFrom: ['broken'],
		opposite: 'starting',
		toldBy: 'state',
		done: 'stopped',
		alreadyDone: 'alreadyStopped',
		failed: 'stopFailed',
		words: {
			verb: 'stop',
			wanted: 'stopped',
			opposite: 'being started',
			undone: 'somebody started it',
			failedHint: 'Stop it in the cloud console to see the reason',
			tooLateHints: forceful
				? [NO_HARM]
				: [NO_HARM, "A guest that does not react to a shutdown needs 'Forceful'"],
			cancelledHint: NO_HARM,
		},
	};
}
