import { type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';

/**
 * @throws NodeOperationError as soon as the execution is cancelled; n8n knows such an error by the
 * American spelling in its message.
 */
export async function orCancelled<T>(
	context: IExecuteFunctions,
	work: Promise<T>,
	description?: string,
): Promise<T> {
	const signal = cancelSignal(context);
	return await new Promise<T>((resolve, reject) => {
		const cancel = () =>
			reject(
				new NodeOperationError(context.getNode(), 'The execution was canceled', { description }),
			);
		if (signal.aborted) cancel();
		signal.addEventListener('abort', cancel, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
	});
}

/** One that never fires where n8n gives none. */
export function cancelSignal(context: IExecuteFunctions): AbortSignal {
	return context.getExecutionCancelSignal() ?? new AbortController().signal;
}
