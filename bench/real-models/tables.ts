export async function printTables(_r: unknown, _p: unknown): Promise<void> {}
