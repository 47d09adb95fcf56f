/** `0.1.0`; verbose, a line for each part that runs; `pg` is PostgreSQL's client. */
export async function printVersion(verbose: boolean): Promise<void> {
  const { versions } = await import('../app.ts');
  const { joinery, node, sqlite, postgres } = versions();
  console.log(verbose ? `joinery ${joinery}\nNode.js ${node}\nSQLite  ${sqlite}\npg      ${postgres}` : joinery);
}
