"""Calls the server API and reads a stream of pushes with the gRPC library of Python, whose core is the one of C++.

Arguments: port of the API, its key, port of the stream, a token. Prints what it got, a line each.
"""
import sys
import grpc

api_port, key, uni_port, token = sys.argv[1:]
TIMEOUT_S = 10


def field(number, value):
    """A field of a Protobuf message that is a text, below 16384 bytes."""
    size = len(value)
    length = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
    return bytes([number << 3 | 2]) + length + value


def call(channel, method, request, metadata=(), compression=None):
    stub = channel.unary_unary('/centrifugal.centrifugo.api.CentrifugoApi/' + method)
    return stub(request, metadata=metadata, timeout=TIMEOUT_S, compression=compression)


credentials = (('authorization', 'apikey ' + key),)
publish = field(1, b'news') + field(2, b'{"n":1}')
with grpc.insecure_channel('127.0.0.1:' + api_port) as api, grpc.insecure_channel('127.0.0.1:' + uni_port) as uni:
    try:
        call(api, 'Publish', publish)
    except grpc.RpcError as error:
        print('without key:', error.code().name)
    subscribed = field(3, field(1, b'news') + field(2, b''))
    consume = uni.unary_stream('/centrifugal.centrifugo.unistream.CentrifugoUniStream/Consume')
    pushes = consume(field(1, token.encode()) + subscribed, timeout=TIMEOUT_S)
    print('connected:', b'news' in next(pushes))
    call(api, 'Publish', publish, credentials, grpc.Compression.Gzip)
    print('published:', b'{"n":1}' in next(pushes))
    pushes.cancel()
