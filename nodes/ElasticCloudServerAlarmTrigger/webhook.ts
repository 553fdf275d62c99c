import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { fetchOver } from '../cloud/alarms/fetch';
import { type Listener, receive } from '../cloud/alarms/receive';
import { sharedBy } from '../cloud/process/sharing';
import type { Clock } from '../cloud/session/clock';
import { readListener } from './listener';

/**
 * The `webhook` of the trigger, for n8n to call. It never throws for what comes from outside: n8n would
 * make a failed execution of it and answer 500, and SMN would send again.
 */
export function receiver(clock: Clock): (this: IWebhookFunctions) => Promise<IWebhookResponseData> {
	return async function (this: IWebhookFunctions) {
		const { rawBody, headers } = this.getRequestObject();
		const verdict = await receive({ body: rawBody, headers, at: Date.now() }, listenerOf(this), {
			clock,
			fetch: fetchOver(async (options) => await this.helpers.httpRequest(options)),
			memory: sharedBy(clock).alarms,
		});
		if ('notice' in verdict) return { workflowData: [[{ json: { ...verdict.notice } }]] };

		if (verdict.log) this.logger.info(`${this.getNode().name}: ${verdict.log}`);
		this.getResponseObject().status(verdict.status).json({ message: verdict.message });
		return { noWebhookResponse: true };
	};
}

/** None where a parameter means nothing just now, such as an expression: activation tells why. */
function listenerOf(context: IWebhookFunctions): Listener | undefined {
	try {
		return readListener(context);
	} catch {
		return undefined;
	}
}
