import type { ICredentialTestFunctions, IHttpRequestHelper } from 'n8n-workflow';

/**
 * n8n's helper of today over the one of old, which is all that n8n hands to the test function of a credential. It
 * takes every answer as it is, and follows no redirect.
 */
export function httpRequestOver(
	helpers: Pick<ICredentialTestFunctions['helpers'], 'request'>,
): IHttpRequestHelper['helpers'] {
	return {
		async httpRequest({ method, url, qs, headers, body, timeout, skipSslCertificateValidation }) {
			const options = { method, uri: url, qs, headers, body, timeout };
			// Where it is given at all, that of old rewords what is wrong with a certificate.
			const unchecked = skipSslCertificateValidation ? { rejectUnauthorized: false } : {};
			const response: unknown = await helpers.request({ ...options, ...unchecked, ...AS_IT_IS });
			return response;
		},
	};
}

const AS_IT_IS = {
	json: true,
	resolveWithFullResponse: true,
	simple: false,
	followRedirect: false,
};
