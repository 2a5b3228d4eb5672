// Reading the responses of one-way streams.

/** The lines of a streaming response, as they come. */
async function* linesOf(response) {
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    yield* lines;
  }
}

/** What a line says, in a stream of lines and in one of events. */
export const inLines = (line) => (line.trim() ? JSON.parse(line) : null);
export const inEvents = (line) => (line.startsWith('data: {') ? JSON.parse(line.slice(6)) : null);

/** The data of the first publication. */
export async function firstPublication(response, parse) {
  for await (const line of linesOf(response)) {
    const pub = parse(line)?.pub;
    if (pub) return pub.data;
  }
  throw new Error('the stream ended');
}
