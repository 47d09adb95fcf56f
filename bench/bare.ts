import { createServer } from 'node:http';

/**
 * The first reference: what `node:http` itself costs here. It reads each request to its end and answers with bytes that
 * it was told beforehand:
 *
 *     POST /answer {"status":200,"body":"…"}  →  every request from then on gets these bytes
 */
let answer = { status: 200, body: Buffer.from('{}') };

const server = createServer((request, response) => {
  if (request.url === '/answer') {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const told = JSON.parse(Buffer.concat(pieces).toString()) as { status: number; body: string };
      answer = { status: told.status, body: Buffer.from(told.body) };
      response.writeHead(204).end();
    });
    return;
  }
  request.resume();
  request.on('end', () => {
    const { status, body } = answer;
    if (status === 204) return response.writeHead(204).end();
    response.writeHead(status, { 'content-type': 'application/scim+json', 'content-length': body.length }).end(body);
  });
});

server.listen(0, '127.0.0.1', () => console.log(JSON.stringify(server.address())));
