import { TAKE_AUTOMATIC } from '../cloud/api/choice';
import type { Reason } from '../cloud/api/reason';
import type { Failure } from '../cloud/words/failure';
import { HINTS, TRIED_AGAIN } from '../cloud/words/hints';

/** A failure in words that hold for a trigger; `isActive`: n8n polls by itself, and nobody has just clicked. */
export function told(failure: Failure, isActive: boolean): Failure {
	const hint = hintOf(failure, isActive);
	return { ...failure, message: spoken(failure.message), hint: spoken(hint) };
}

/** n8n never tries a trigger again after a message that holds this word. */
const FATAL_WORD = /authorization/gi;

function spoken(text: string): string {
	return text.replace(FATAL_WORD, 'authorisation');
}

/** What passes by itself, and whose usual hint is about options that a trigger does not have. */
const PASSING: Reason[] = ['throttled', 'timedOut', 'unavailable'];

function hintOf({ reason, hint }: Failure, isActive: boolean): string {
	if (PASSING.includes(reason) && hint === HINTS[reason]) {
		return isActive ? POLLS_AGAIN : TRY_LATER;
	}
	if (hint === TAKE_AUTOMATIC) return NEEDS_NOVA;
	if (reason !== 'unauthorized') return hint;
	if (hint.includes(TRIED_AGAIN)) return hint.replace(TRIED_AGAIN, RESTS);
	return isActive ? `${hint}. ${RESTS}` : hint;
}

const NEEDS_NOVA =
	"The trigger reads what has changed from OpenStack's Nova API, which this cloud does not offer: take Elastic Cloud Server Alarm Trigger here";
const POLLS_AGAIN =
	"n8n polls again by itself; if it stays so, look at the cloud's status page, or poll less often";
const TRY_LATER = "Try this again later; the cloud's status page may say more";
const RESTS =
	'The trigger tries the credential again 30 minutes after it was refused, or at once when it is changed or the workflow is published again';
