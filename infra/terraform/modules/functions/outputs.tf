output "arns" {
  description = "Name → ARN of the function."
  value       = { for name, function in aws_lambda_function.this : name => function.arn }
}

output "names" {
  description = "Name → the function's whole name, for alarms and `aws lambda invoke`."
  value       = { for name, function in aws_lambda_function.this : name => function.function_name }
}
