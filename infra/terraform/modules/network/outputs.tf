output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "private_subnet_ids" {
  description = "Private subnets, in the order of the zones: nodes and pods."
  value       = [for zone in var.zones : aws_subnet.private[zone].id]
}

output "public_subnet_ids" {
  description = "Public subnets, in the order of the zones: load balancers."
  value       = [for zone in var.zones : aws_subnet.public[zone].id]
}

output "public_cidr" {
  description = "Range that the public subnets lie in, and no pod: where load balancers speak from."
  value       = cidrsubnet(var.cidr, 6, 0)
}

output "nat_addresses" {
  description = "Addresses that the desk is seen under: for allow lists of Neon, Redis and brokers."
  value       = [for zone in sort(tolist(local.nat_zones)) : aws_eip.nat[zone].public_ip]
}
