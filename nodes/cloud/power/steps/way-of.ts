import type { PowerAction } from '../actions/action';
import type { Rules } from '../journey';
import { BY_PROOF } from './by-proof';
import { BY_STATE } from './by-state';
import type { Way } from './way';

const WAYS: Readonly<Record<PowerAction['toldBy'], Way>> = { state: BY_STATE, proof: BY_PROOF };

/** The decisions for an action, by what tells its end. */
export const wayOf = ({ action }: Rules): Way => WAYS[action.toldBy];
