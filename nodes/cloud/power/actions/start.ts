import { inBatch, NO_HARM, type PowerAction } from './action';

/** `{}` as the value: the reference's example; Nova looks at the key alone. */
export const START: PowerAction = {
	name: 'start',
	novaName: 'start',
	novaOpposites: ['stop'],
	body: { 'os-start': {} },
	batchBody: (serverIds) => ({ 'os-start': { servers: inBatch(serverIds) } }),
	wanted: 'running',
	onTheWay: 'starting',
	from: 'stopped',
	alsoFrom: [],
	opposite: 'stopping',
	toldBy: 'state',
	done: 'started',
	alreadyDone: 'alreadyRunning',
	failed: 'startFailed',
	words: {
		verb: 'start',
		wanted: 'running',
		opposite: 'being stopped',
		undone: 'it went off by itself or somebody stopped it',
		waysOut: {
			SHELVED: 'Unshelve the server instead: that starts it',
			SHELVED_OFFLOADED: 'Unshelve the server instead: that starts it',
		},
		failedHint:
			'Start it in the cloud console to see the reason. Stopped servers of GPU and similar flavors give their hardware back, so that the cloud may have no capacity for them now',
		tooLateHints: [NO_HARM],
		cancelledHint: NO_HARM,
	},
};
