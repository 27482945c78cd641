output "arn" {
  description = "ARN of the queue."
  value       = aws_sqs_queue.this.arn
}

output "url" {
  description = "Address of the queue."
  value       = aws_sqs_queue.this.id
}

output "dead_letter_arn" {
  description = "ARN of the queue of dead letters."
  value       = aws_sqs_queue.dead.arn
}

output "dead_letter_name" {
  description = "Name of the queue of dead letters, for its alarm."
  value       = aws_sqs_queue.dead.name
}
