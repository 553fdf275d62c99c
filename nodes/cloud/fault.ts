/** What a cloud said went wrong, whichever of its parts said it. */
export interface Fault {
	httpStatus?: number;
	/** The cloud's own code, such as `Ecs.0114` or `APIGW.0308`; Nova has only names, such as `itemNotFound`. */
	code?: string;
	/** One line, without markup; empty when the cloud gave no reason. */
	message: string;
	requestId?: string;
	/** Words for the user where the reason alone would say too little, or the wrong thing. */
	explanation?: Explanation;
}

export interface Explanation {
	/** As in "the server did not start: …". */
	why: string;
	hint: string;
}
