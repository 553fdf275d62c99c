import type { PowerAction } from '../../../../../nodes/cloud/power/actions/action';
import { restart } from '../../../../../nodes/cloud/power/actions/restart';
import { START } from '../../../../../nodes/cloud/power/actions/start';
import { stop } from '../../../../../nodes/cloud/power/actions/stop';
import { BY_PROOF } from '../../../../../nodes/cloud/power/steps/by-proof';
import { BY_STATE } from '../../../../../nodes/cloud/power/steps/by-state';
import type { Way } from '../../../../../nodes/cloud/power/steps/way';
import { wayOf } from '../../../../../nodes/cloud/power/steps/way-of';
import { RULES } from '../story';

test.each<[toldBy: string, name: string, action: PowerAction, way: Way]>([
	['the state of the server', 'start', START, BY_STATE],
	['the state of the server', 'stop', stop(false), BY_STATE],
	['proof alone', 'restart', restart(false), BY_PROOF],
	['proof alone', 'forceful restart', restart(true), BY_PROOF],
])('%s tells the end of a %s', (_toldBy, _name, action, way) => {
	expect(wayOf({ ...RULES, action })).toBe(way);
});
