import type { PowerAction } from './power';

/** `{}` as the value: the reference's example; Nova looks at the key alone. */
export const START: PowerAction = {
	name: 'start',
	novaName: 'start',
	novaOpposites: ['stop'],
	body: { 'os-start': {} },
	batchBody: (serverIds) => ({ 'os-start': { servers: serverIds.map((id) => ({ id })) } }),
	wanted: 'running',
	onTheWay: 'starting',
	from: 'stopped',
	opposite: 'stopping',
	done: 'started',
	alreadyDone: 'alreadyRunning',
	failed: 'startFailed',
	words: { verb: 'start', wanted: 'running', opposite: 'being stopped' },
};
