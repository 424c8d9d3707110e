/**
 * A function of CloudFront's, at the viewer's request. Tells the APIs from whose address it comes, whatever the viewer
 * says of that: they see CloudFront's alone (lambdas/handlers/behind-edge.ts). Leads what is to become a WebSocket to the
 * WebSocket API: Socket.IO's, which say so in their query, and native ones, which come to `/ws`. That a request is an
 * upgrade it does not see, for the header is hidden from it:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html
 */
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it, and gives it `cf`.
function handler(event) {
  const request = event.request;
  request.headers['x-parley-viewer-address'] = { value: event.viewer.ip };
  const transport = request.querystring.transport;
  if (request.uri === '/ws' || (transport && transport.value === 'websocket')) {
    cf.selectRequestOriginById('websocket');
    // The origin's path is the stage's, and API Gateway answers 403 to anything behind that.
    request.uri = '/';
  }
  return request;
}
