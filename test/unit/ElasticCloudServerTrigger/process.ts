import type { IPollFunctions } from 'n8n-workflow';

import type { Answer } from '../../../nodes/cloud/api/answer';
import { poller } from '../../../nodes/ElasticCloudServerTrigger/poll';
import { contextWith } from '../context';
import { projectOf, toResponse } from '../responses';
import { fleet } from '../servers';
import { VirtualClock } from '../virtual-clock';

/** A process of n8n with published workflows that begin with the trigger, and a cloud that works until `failWith`. */
export function openProcess() {
	const clock = new VirtualClock();
	const poll = poller(clock);
	const list = projectOf(fleet(3));
	let failure: Answer | undefined;
	let sent = 0;

	function publish(workflow: string) {
		const { helpers, getNode, getCredentials } = contextWith(
			{},
			{
				respond(request) {
					sent += 1;
					return failure ? toResponse(failure) : list(request);
				},
			},
		);
		const parameters: Record<string, unknown> = { authentication: 'token', stopCause: 'all' };
		const state = {};
		const contextOf = (mode: string, activation: string) =>
			({
				helpers,
				getNode,
				getCredentials,
				getMode: () => mode,
				getActivationMode: () => activation,
				getWorkflow: () => ({ id: workflow }),
				getWorkflowStaticData: () => state,
				getNodeParameter: (name: string, preset: unknown) => parameters[name] ?? preset,
			}) as unknown as IPollFunctions;
		let context = contextOf('trigger', 'activate');
		const pollIn = async (one: IPollFunctions) => await clock.until(poll.call(one));
		return {
			poll: async () => await pollIn(context),
			async activate() {
				context = contextOf('trigger', 'activate');
				return await pollIn(context);
			},
			fetchTestEvent: async () => await pollIn(contextOf('manual', 'manual')),
		};
	}

	return {
		clock,
		publish,
		sent: () => sent,
		/** What the cloud answers from now on; undefined: it works. */
		failWith(answer: Answer | undefined) {
			failure = answer;
			sent = 0;
		},
	};
}
