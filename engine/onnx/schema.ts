/**
 * The ONNX messages that Anchorage reads and writes, as a protobuf description. Field numbers are those of
 * onnx.proto; fields that are not described here are kept as they are when a message is written again. A
 * stated default is given to a field that the bytes lack; fields without one stay absent.
 */
import protobuf from 'protobufjs'

const description = `
syntax = "proto2";
package onnx;

message ModelProto {
  optional int64 ir_version = 1 [default = 0];
  optional string producer_name = 2;
  optional string producer_version = 3;
  optional string domain = 4;
  optional int64 model_version = 5;
  optional string doc_string = 6;
  optional GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8;
  repeated StringStringEntryProto metadata_props = 14;
  repeated FunctionProto functions = 25;
}
message OperatorSetIdProto {
  optional string domain = 1 [default = ""];
  optional int64 version = 2 [default = 0];
}
message StringStringEntryProto {
  optional string key = 1 [default = ""];
  optional string value = 2 [default = ""];
}
message GraphProto {
  repeated NodeProto node = 1;
  optional string name = 2 [default = ""];
  repeated TensorProto initializer = 5;
  optional string doc_string = 10;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
  repeated ValueInfoProto value_info = 13;
}
message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  optional string name = 3 [default = ""];
  optional string op_type = 4 [default = ""];
  repeated AttributeProto attribute = 5;
  optional string domain = 7 [default = ""];
}
message AttributeProto {
  optional string name = 1 [default = ""];
  optional float f = 2;
  optional int64 i = 3;
  optional bytes s = 4;
  optional TensorProto t = 5;
  optional GraphProto g = 6;
  repeated float floats = 7;
  repeated int64 ints = 8;
  repeated bytes strings = 9;
  repeated TensorProto tensors = 10;
  repeated GraphProto graphs = 11;
  optional int32 type = 20 [default = 0];
}
message TensorProto {
  repeated int64 dims = 1;
  optional int32 data_type = 2 [default = 0];
  repeated float float_data = 4 [packed = true];
  repeated int32 int32_data = 5 [packed = true];
  repeated bytes string_data = 6;
  repeated int64 int64_data = 7 [packed = true];
  optional string name = 8 [default = ""];
  optional bytes raw_data = 9;
  repeated double double_data = 10 [packed = true];
  repeated StringStringEntryProto external_data = 13;
  optional int32 data_location = 14;
}
message ValueInfoProto {
  optional string name = 1 [default = ""];
  optional TypeProto type = 2;
}
message TypeProto {
  optional TensorTypeProto tensor_type = 1;
}
message TensorTypeProto {
  optional int32 elem_type = 1 [default = 0];
  optional TensorShapeProto shape = 2;
}
message TensorShapeProto {
  repeated DimensionProto dim = 1;
}
message DimensionProto {
  optional int64 dim_value = 1;
  optional string dim_param = 2;
}
message FunctionProto {
  optional string name = 1 [default = ""];
  repeated NodeProto node = 7;
  repeated OperatorSetIdProto opset_import = 9;
  optional string domain = 10 [default = ""];
}
`

/** The reflected messages; field names are camel case (`opType`, `rawData`). */
export const onnxSchema: protobuf.Root = protobuf.parse(description).root

/** Field numbers that the file reader walks by hand, because weights lie beneath them. */
export const fieldNumbers = {
  model: { graph: 7 },
  graph: { initializer: 5 },
  tensor: { rawData: 9, externalData: 13, dataLocation: 14 }
} as const

/** TensorProto.data_location of weights that lie in another file. */
export const externalLocation = 1
