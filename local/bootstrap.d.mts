export function environmentWithoutAws(environment?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
